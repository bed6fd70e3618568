#ifndef CLINUX_H
#define CLINUX_H
/* What Glibc's Swift module leaves out: epoll, eventfd, signalfd, and the calls that need _GNU_SOURCE. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

/* Accepts a connection, non-blocking and closed on exec. Writes the peer's address as text ("127.0.0.1", "::1", or ""
   for a Unix domain socket) to `text`. Returns the descriptor, or -errno. */
int clinux_accept(int listener, char *text, socklen_t capacity);

/* Opens a listening TCP socket on a numeric address, non-blocking and closed on exec. Port 0 takes a free one; the port
   that was bound is written to `bound`. Returns the descriptor, or -errno. */
int clinux_listen_tcp(const char *host, int port, int backlog, int *bound);

/* Opens a listening Unix domain socket, non-blocking and closed on exec. Its file has at most the permissions of `mode`, or, when
   that is negative, what the umask leaves. Returns the descriptor, or -errno. */
int clinux_listen_unix(const char *path, int mode, int backlog);

/* fork(2), with a child that is killed when the thread that forked ends, however it ends. Returns the child's number, 0 in the
   child, or -errno. Only for a process of one thread: the child could never take a lock that another thread held. */
int clinux_fork(void);

/* Whether somebody accepts connections on the Unix domain socket at `path`. */
int clinux_unix_answers(const char *path);

/* A descriptor that tells of changes in folders (inotify(7)), or -errno. */
int clinux_watch_open(void);

/* Tells of files that are written, made, moved or removed in the folder at `path`; once is enough. 0 or -errno. */
int clinux_watch_folder(int descriptor, const char *path);

/* Waits at most `milliseconds` for a change and forgets all that are known by then. 1 when there was one, 0 when there was none,
   or -errno. */
int clinux_watch_wait(int descriptor, int milliseconds);

/* An epoll event whose data is `token`. */
static inline struct epoll_event clinux_event(uint32_t events, uint64_t token) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = token;
    return event;
}

/* The flags of epoll as one type, which Swift imports as different ones. */
enum {
    CLINUX_IN = EPOLLIN,
    CLINUX_OUT = EPOLLOUT,
    CLINUX_PEER_FINISHED = EPOLLRDHUP,
    CLINUX_ERROR = EPOLLERR,
    CLINUX_HANGUP = EPOLLHUP,
};

/* IN, OUT and RDHUP, reported once a change. */
static inline uint32_t clinux_connection_events(void) { return EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET; }
#endif
