#ifndef CCURL_H
#define CCURL_H
/* A typed door to libcurl, opened with dlopen on first use.
   curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call; each has one function per argument type.
   Every function answers CURLE_FAILED_INIT (or NULL) while the library has not been opened. */
#include <curl/curl.h>
#include <stddef.h>

/* Opens libcurl.so.4 and runs curl_global_init, once it succeeds. Returns 0, or -1 while the library cannot be opened, which is
   tried again at the next call. Thread-safe. */
int ccurl_open(void);
const char *ccurl_error(CURLcode code);

CURL *ccurl_new(void);
void ccurl_free(CURL *handle);
void ccurl_reset(CURL *handle);
CURLcode ccurl_perform(CURL *handle);

CURLM *ccurl_multi_new(void);
void ccurl_multi_free(CURLM *multi);
/* Runs the transfer to its end on the calling thread. Every `interval` milliseconds at the latest it asks `should_stop`, and on
   a non-zero answer ends with CURLE_ABORTED_BY_CALLBACK. `multi` keeps the connections for the next call.
   SIGPIPE is held back meanwhile, so that callbacks which write see EPIPE. */
typedef int (*ccurl_stop_function)(void *context);
CURLcode ccurl_run(CURLM *multi, CURL *handle, int interval, ccurl_stop_function should_stop, void *context);

/* Allows http and https only, whichever of the two options for it the library knows. */
CURLcode ccurl_restrict_to_http(CURL *handle);
/* The same for smtp and smtps. */
CURLcode ccurl_restrict_to_mail(CURL *handle);

/* The bytes of an IP address in network order and its port. Returns how many bytes, 4 or 16, or 0 for another kind of address. */
int ccurl_address_bytes(const struct curl_sockaddr *address, unsigned char bytes[16], unsigned short *port);

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);

typedef size_t (*ccurl_data_function)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ccurl_progress_function)(void *context, curl_off_t download_total, curl_off_t downloaded,
                                       curl_off_t upload_total, curl_off_t uploaded);
typedef curl_socket_t (*ccurl_open_socket_function)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
CURLcode ccurl_set_data_function(CURL *handle, CURLoption option, ccurl_data_function function);
CURLcode ccurl_set_progress_function(CURL *handle, ccurl_progress_function function);
CURLcode ccurl_set_open_socket_function(CURL *handle, ccurl_open_socket_function function);

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode ccurl_get_double(CURL *handle, CURLINFO info, double *value);
CURLcode ccurl_get_string(CURL *handle, CURLINFO info, const char **value);

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *line);
void ccurl_list_free(struct curl_slist *list);

/* CURLOPT_* constants are enumerators with computed values; they import into Swift as CURLOption already. */
#endif
