#ifndef CPAGES_H
#define CPAGES_H

#include <stddef.h>

/// How many files of pages there are.
size_t twin_page_count(void);

/// The name of the file with this index, such as `page.css`; NULL for an index that no file has.
const char *twin_page_name(size_t index);

/// The content of that file and, in `length`, its bytes; NULL as above.
const unsigned char *twin_page_bytes(size_t index, size_t *length);

#endif
