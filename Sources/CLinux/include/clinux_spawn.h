#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H
/* What <spawn.h> shows only to programs compiled with _GNU_SOURCE (glibc 2.34). */
#include <spawn.h>

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/* The child closes every descriptor from this one on. Returns 0 or an error number. */
static inline int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}
#endif
