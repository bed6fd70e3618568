#ifndef CLINUX_H
#define CLINUX_H
/* What Glibc's Swift module leaves out: epoll and eventfd, and errno-safe helpers around them. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#endif
