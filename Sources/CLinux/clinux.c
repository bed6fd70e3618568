#define _GNU_SOURCE
#include "clinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int clinux_accept(int listener, char *text, socklen_t capacity) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    int descriptor = accept4(listener, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return -errno;
    if (capacity > 0) text[0] = 0;
    int on = 1;
    if (peer.ss_family == AF_INET) {
        inet_ntop(AF_INET, &((struct sockaddr_in *)&peer)->sin_addr, text, capacity);
    } else if (peer.ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&peer)->sin6_addr, text, capacity);
    } else {
        return descriptor;
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    return descriptor;
}

static int fail(int descriptor) {
    int code = errno;
    if (descriptor >= 0) close(descriptor);
    return -code;
}

int clinux_listen_tcp(const char *host, int port, int backlog, int *bound) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    int is_v6 = inet_pton(AF_INET6, host, &v6.sin6_addr) == 1;
    if (!is_v6 && inet_pton(AF_INET, host, &v4.sin_addr) != 1) return -EINVAL;
    int descriptor = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr *address = is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t size = is_v6 ? sizeof v6 : sizeof v4;
    if (bind(descriptor, address, size) || listen(descriptor, backlog)) return fail(descriptor);
    if (getsockname(descriptor, address, &size)) return fail(descriptor);
    *bound = ntohs(is_v6 ? v6.sin6_port : v4.sin_port);
    return descriptor;
}

static int unix_address(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
    strcpy(address->sun_path, path);
    return 0;
}

int clinux_listen_unix(const char *path, int mode, int backlog) {
    struct sockaddr_un address;
    int code = unix_address(path, &address);
    if (code) return code;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    /* On Linux the file gets the mode of the socket, less the umask, so that it is never looser than in the end. */
    if (mode >= 0 && fchmod(descriptor, (mode_t)mode)) return fail(descriptor);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) || listen(descriptor, backlog)) return fail(descriptor);
    return descriptor;
}

int clinux_unix_answers(const char *path) {
    struct sockaddr_un address;
    if (unix_address(path, &address)) return 0;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return 0;
    int answers = connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
    close(descriptor);
    return answers;
}

int clinux_fork(void) {
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) return -errno;
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        /* It may have ended before that was asked for. */
        if (getppid() != parent) _exit(1);
    }
    return (int)child;
}

int clinux_watch_open(void) {
    int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_watch_folder(int descriptor, const char *path) {
    uint32_t mask = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_ONLYDIR;
    return inotify_add_watch(descriptor, path, mask) < 0 ? -errno : 0;
}

int clinux_watch_wait(int descriptor, int milliseconds) {
    struct pollfd waiting = {.fd = descriptor, .events = POLLIN};
    int count = poll(&waiting, 1, milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    if (count == 0) return 0;
    char events[16384];
    while (read(descriptor, events, sizeof events) > 0) {}
    return 1;
}
