/* CURLOPT_PROTOCOLS is deprecated but the only way in libcurl before 7.85. */
#define CURL_DISABLE_DEPRECATION
#include "ccurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

/* curl.h wraps these two in type-checking macros under GCC and Clang; the table below needs the plain names. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

static struct {
    CURLcode (*global_init)(long);
    CURL *(*init)(void);
    void (*cleanup)(CURL *);
    void (*reset)(CURL *);
    CURLcode (*perform)(CURL *);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    const char *(*strerror)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *);
    CURLMcode (*multi_add)(CURLM *, CURL *);
    CURLMcode (*multi_remove)(CURLM *, CURL *);
    CURLMcode (*multi_perform)(CURLM *, int *);
    CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned int, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
} api;

static atomic_int opened = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* Whoever calls OpenSSL first decides whether it cleans up in exit(), where that races with threads that end. libcurl would
   ask for it. 0x00080000 is OPENSSL_INIT_NO_ATEXIT. */
static void open_crypto(void) {
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    int (*init)(uint64_t, const void *);
    if (library && (*(void **)&init = dlsym(library, "OPENSSL_init_crypto"))) init(0x00080000L, NULL);
}

static int open_library(void) {
    open_crypto();
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return -1;
    int missing = 0;
#define BIND(field, symbol) \
    do { \
        *(void **)&api.field = dlsym(library, symbol); \
        if (!api.field) missing = 1; \
    } while (0)
    BIND(global_init, "curl_global_init");
    BIND(init, "curl_easy_init");
    BIND(cleanup, "curl_easy_cleanup");
    BIND(reset, "curl_easy_reset");
    BIND(perform, "curl_easy_perform");
    BIND(setopt, "curl_easy_setopt");
    BIND(getinfo, "curl_easy_getinfo");
    BIND(strerror, "curl_easy_strerror");
    BIND(slist_append, "curl_slist_append");
    BIND(slist_free_all, "curl_slist_free_all");
    BIND(multi_init, "curl_multi_init");
    BIND(multi_cleanup, "curl_multi_cleanup");
    BIND(multi_add, "curl_multi_add_handle");
    BIND(multi_remove, "curl_multi_remove_handle");
    BIND(multi_perform, "curl_multi_perform");
    BIND(multi_poll, "curl_multi_poll");
    BIND(multi_info_read, "curl_multi_info_read");
#undef BIND
    return missing || api.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ? -1 : 0;
}

int ccurl_open(void) {
    if (!opened) return 0;
    /* A failure is not kept: it may pass, as when no descriptor was left. */
    pthread_mutex_lock(&turn);
    if (opened) opened = open_library();
    pthread_mutex_unlock(&turn);
    return opened;
}

const char *ccurl_error(CURLcode code) { return ccurl_open() ? "libcurl is not installed" : api.strerror(code); }

CURL *ccurl_new(void) { return ccurl_open() ? NULL : api.init(); }
void ccurl_free(CURL *handle) { if (handle && !ccurl_open()) api.cleanup(handle); }
void ccurl_reset(CURL *handle) { if (handle && !ccurl_open()) api.reset(handle); }
CURLcode ccurl_perform(CURL *handle) { return ccurl_open() ? CURLE_FAILED_INIT : api.perform(handle); }

/* With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE alone, and a TLS connection that the other side has closed raises it. It is held
   back for this thread while libcurl works; one that came is taken away unless it was waiting before. */
struct pipe_guard {
    sigset_t old;
    int was_pending;
};

static struct pipe_guard hold_pipe_signal(void) {
    struct pipe_guard guard;
    sigset_t pipe, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    guard.was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &guard.old);
    return guard;
}

static void release_pipe_signal(struct pipe_guard guard) {
    if (!guard.was_pending) {
        sigset_t pipe;
        struct timespec none = {0, 0};
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        while (sigtimedwait(&pipe, NULL, &none) == -1 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &guard.old, NULL);
}

CURLM *ccurl_multi_new(void) { return ccurl_open() ? NULL : api.multi_init(); }
void ccurl_multi_free(CURLM *multi) {
    if (!multi || ccurl_open()) return;
    struct pipe_guard guard = hold_pipe_signal();
    api.multi_cleanup(multi);
    release_pipe_signal(guard);
}

CURLcode ccurl_run(CURLM *multi, CURL *handle, int interval, ccurl_stop_function should_stop, void *context) {
    if (ccurl_open()) return CURLE_FAILED_INIT;
    struct pipe_guard guard = hold_pipe_signal();
    if (api.multi_add(multi, handle) != CURLM_OK) {
        release_pipe_signal(guard);
        return CURLE_FAILED_INIT;
    }
    CURLcode result = CURLE_OK;
    int running = 1;
    while (1) {
        if (api.multi_perform(multi, &running) != CURLM_OK) { result = CURLE_OUT_OF_MEMORY; break; }
        if (!running) break;
        if (should_stop(context)) { result = CURLE_ABORTED_BY_CALLBACK; break; }
        if (api.multi_poll(multi, NULL, 0, interval, NULL) != CURLM_OK) { result = CURLE_OUT_OF_MEMORY; break; }
    }
    CURLMsg *message;
    int left;
    while (result == CURLE_OK && (message = api.multi_info_read(multi, &left)))
        if (message->msg == CURLMSG_DONE && message->easy_handle == handle) { result = message->data.result; break; }
    api.multi_remove(multi, handle);
    release_pipe_signal(guard);
    return result;
}

int ccurl_address_bytes(const struct curl_sockaddr *address, unsigned char bytes[16], unsigned short *port) {
    /* libcurl gives room for every kind of address behind its `struct sockaddr`. */
    if (address->family == AF_INET && address->addrlen >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in v4;
        memcpy(&v4, &address->addr, sizeof v4);
        memcpy(bytes, &v4.sin_addr, 4);
        *port = ntohs(v4.sin_port);
        return 4;
    }
    if (address->family == AF_INET6 && address->addrlen >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 v6;
        memcpy(&v6, &address->addr, sizeof v6);
        memcpy(bytes, &v6.sin6_addr, 16);
        *port = ntohs(v6.sin6_port);
        return 16;
    }
    return 0;
}

static CURLcode restrict_to(CURL *handle, const char *names, long bits) {
    if (ccurl_open()) return CURLE_FAILED_INIT;
#if LIBCURL_VERSION_NUM >= 0x075500
    if (api.setopt(handle, CURLOPT_PROTOCOLS_STR, names) == CURLE_OK) return CURLE_OK;
#else
    (void)names;
#endif
    return api.setopt(handle, CURLOPT_PROTOCOLS, bits);
}

CURLcode ccurl_restrict_to_http(CURL *handle) { return restrict_to(handle, "http,https", CURLPROTO_HTTP | CURLPROTO_HTTPS); }
CURLcode ccurl_restrict_to_mail(CURL *handle) { return restrict_to(handle, "smtp,smtps", CURLPROTO_SMTP | CURLPROTO_SMTPS); }

#define SET(value) (ccurl_open() ? CURLE_FAILED_INIT : api.setopt(handle, option, value))
CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) { return SET(value); }
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) { return SET(value); }
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) { return SET(value); }
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) { return SET(value); }
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) { return SET(value); }
CURLcode ccurl_set_data_function(CURL *handle, CURLoption option, ccurl_data_function value) { return SET(value); }
CURLcode ccurl_set_progress_function(CURL *handle, ccurl_progress_function value) {
    CURLoption option = CURLOPT_XFERINFOFUNCTION;
    return SET(value);
}
CURLcode ccurl_set_open_socket_function(CURL *handle, ccurl_open_socket_function value) {
    CURLoption option = CURLOPT_OPENSOCKETFUNCTION;
    return SET(value);
}
#undef SET

#define GET(value) (ccurl_open() ? CURLE_FAILED_INIT : api.getinfo(handle, info, value))
CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) { return GET(value); }
CURLcode ccurl_get_double(CURL *handle, CURLINFO info, double *value) { return GET(value); }
CURLcode ccurl_get_string(CURL *handle, CURLINFO info, const char **value) { return GET(value); }
#undef GET

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *line) {
    return ccurl_open() ? NULL : api.slist_append(list, line);
}
void ccurl_list_free(struct curl_slist *list) { if (list && !ccurl_open()) api.slist_free_all(list); }
