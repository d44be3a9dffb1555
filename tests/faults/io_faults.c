/* Preloaded into a program: counts what it does to the files under one directory, kind by kind, and lets one of these
 * calls fail. io_faults.py compiles and steers it.
 *
 * IO_FAULTS_DIRECTORY  absolute path; calls on anything else pass untouched
 * IO_FAULTS_LOG        a line for each call, "pwrite 17 4096 512 /tmp/w/run.h5" (kind, number from 1, bytes, where in the
 *                      file or 0, path); that of the one that failed begins with "!"
 * IO_FAULTS_AT         which one, and how: "pwrite:17:ENOSPC"
 *     EIO, ENOSPC, EINTR   nothing is done and -1 is returned; a descriptor that is closed is closed all the same
 *     SHORT                half of the bytes are written
 *     TORN, TORN2, ...     of pwrite: what comes before the first, second, ... border of two pages is written, and the
 *                          program killed; so the kernel ends a write when SIGKILL comes
 *     KILL, INT, STOP      the program gets this signal and then, if it lives, does the call
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum Kind { WRITE, PWRITE, FSYNC, FDATASYNC, FTRUNCATE, RENAME, OPEN, CLOSE, MKDIR, KINDS };
static const char* const names[KINDS] = {"write",  "pwrite", "fsync", "fdatasync", "ftruncate",
                                         "rename", "open",   "close", "mkdir"};

static const char* directory;
static size_t directory_length;
static int log_file = -1;
static int failing_kind = -1;
static unsigned failing_number;
static char fault[16];
static atomic_uint counted[KINDS];

/* Straight to the kernel, so that no call of this file is counted. */
__attribute__((constructor)) static void prepare(void) {
    const char *at = getenv("IO_FAULTS_AT"), *path = getenv("IO_FAULTS_LOG");
    char kind[16];
    directory = getenv("IO_FAULTS_DIRECTORY");
    if (!directory) return;
    directory_length = strlen(directory);
    if (path) {
        const int low = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0666);
        log_file = fcntl(low, F_DUPFD_CLOEXEC, 500); /* out of the way of the program's own numbers */
        syscall(SYS_close, low);
    }
    if (at && sscanf(at, "%15[^:]:%u:%15s", kind, &failing_number, fault) == 3) {
        for (int k = 0; k < KINDS; ++k)
            if (strcmp(kind, names[k]) == 0) failing_kind = k;
    }
}

static int is_watched(const char* path) {
    return directory && strncmp(path, directory, directory_length) == 0 &&
           (path[directory_length] == '/' || path[directory_length] == '\0');
}

/* Whether a path, from a directory that is open or from where the program stands, is one of ours; then it is absolute. */
static int find_path(int from, const char* path, char* absolute) {
    char base[PATH_MAX] = "", link[64];
    if (!directory || !path) return 0;
    if (path[0] == '/') {
        snprintf(absolute, PATH_MAX, "%s", path);
    } else {
        if (from == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return 0;
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", from);
            if (readlink(link, base, sizeof base - 1) < 0) return 0;
        }
        const size_t length = strlen(base);
        if (length + strlen(path) + 2 > PATH_MAX) return 0;
        memcpy(absolute, base, length);
        absolute[length] = '/';
        strcpy(absolute + length + 1, path);
    }
    return is_watched(absolute);
}

static int find_descriptor(int descriptor, char* path) {
    char link[64];
    if (!directory) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = '\0';
    return is_watched(path);
}

enum Verdict { PASS, FAIL, SHORTEN, TEAR };

/* Counts a call, and says what becomes of it; errno is set when it is to fail. */
static enum Verdict judge_at(enum Kind kind, size_t bytes, off_t at, const char* path) {
    const unsigned number = atomic_fetch_add(&counted[kind], 1) + 1;
    const int fails = (int)kind == failing_kind && number == failing_number;
    char line[PATH_MAX + 64];
    const int length = snprintf(line, sizeof line, "%s%s %u %zu %lld %s\n", fails ? "!" : "", names[kind], number, bytes,
                                (long long)at, path);
    if (log_file >= 0) syscall(SYS_write, log_file, line, (size_t)length);
    if (!fails) return PASS;
    if (strcmp(fault, "SHORT") == 0) return SHORTEN;
    if (strncmp(fault, "TORN", 4) == 0) return TEAR;
    const int signal = strcmp(fault, "KILL") == 0   ? SIGKILL
                       : strcmp(fault, "INT") == 0  ? SIGINT
                       : strcmp(fault, "STOP") == 0 ? SIGSTOP
                                                    : 0;
    if (signal) {
        kill(getpid(), signal);
        return PASS;
    }
    errno = strcmp(fault, "ENOSPC") == 0 ? ENOSPC : strcmp(fault, "EINTR") == 0 ? EINTR : EIO;
    return FAIL;
}

static enum Verdict judge(enum Kind kind, size_t bytes, const char* path) { return judge_at(kind, bytes, 0, path); }

/* The bytes of a write up to the border that the fault names. */
static size_t torn(size_t bytes, off_t at) {
    const size_t page = 4096, border = fault[4] ? strtoul(fault + 4, NULL, 10) : 1;
    const size_t before = border * page - (size_t)at % page;
    return before < bytes ? before : bytes;
}

static size_t half(size_t bytes) { return bytes < 2 ? bytes : bytes / 2; }

ssize_t write(int descriptor, const void* from, size_t size) {
    char path[PATH_MAX];
    if (find_descriptor(descriptor, path)) {
        const enum Verdict verdict = judge(WRITE, size, path);
        if (verdict == FAIL) return -1;
        if (verdict == SHORTEN) size = half(size);
    }
    return syscall(SYS_write, descriptor, from, size);
}

ssize_t pwrite(int descriptor, const void* from, size_t size, off_t to) {
    char path[PATH_MAX];
    if (find_descriptor(descriptor, path)) {
        const enum Verdict verdict = judge_at(PWRITE, size, to, path);
        if (verdict == FAIL) return -1;
        if (verdict == SHORTEN) size = half(size);
        if (verdict == TEAR) {
            syscall(SYS_pwrite64, descriptor, from, torn(size, to), to);
            kill(getpid(), SIGKILL);
        }
    }
    return syscall(SYS_pwrite64, descriptor, from, size, to);
}
ssize_t pwrite64(int descriptor, const void* from, size_t size, off64_t to) { return pwrite(descriptor, from, size, to); }

int fsync(int descriptor) {
    char path[PATH_MAX];
    if (find_descriptor(descriptor, path) && judge(FSYNC, 0, path) == FAIL) return -1;
    return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
    char path[PATH_MAX];
    if (find_descriptor(descriptor, path) && judge(FDATASYNC, 0, path) == FAIL) return -1;
    return (int)syscall(SYS_fdatasync, descriptor);
}

int ftruncate(int descriptor, off_t size) {
    char path[PATH_MAX];
    if (find_descriptor(descriptor, path) && judge(FTRUNCATE, (size_t)size, path) == FAIL) return -1;
    return (int)syscall(SYS_ftruncate, descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) { return ftruncate(descriptor, size); }

static int fails_to_rename(int from, const char* old, int to, const char* new) {
    char first[PATH_MAX], second[PATH_MAX];
    const int watched = find_path(from, old, first), also = find_path(to, new, second);
    return (watched || also) && judge(RENAME, 0, also ? second : first) == FAIL;
}
int rename(const char* old, const char* new) {
    if (fails_to_rename(AT_FDCWD, old, AT_FDCWD, new)) return -1;
    return (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
}
int renameat(int from, const char* old, int to, const char* new) {
    if (fails_to_rename(from, old, to, new)) return -1;
    return (int)syscall(SYS_renameat2, from, old, to, new, 0);
}
int renameat2(int from, const char* old, int to, const char* new, unsigned how) {
    if (fails_to_rename(from, old, to, new)) return -1;
    return (int)syscall(SYS_renameat2, from, old, to, new, how);
}

static int open_one(int from, const char* name, int how, mode_t mode) {
    char path[PATH_MAX];
    const int writes = (how & O_CREAT) || (how & O_ACCMODE) != O_RDONLY;
    if (writes && find_path(from, name, path) && judge(OPEN, 0, path) == FAIL) return -1;
    return (int)syscall(SYS_openat, from, name, how, mode);
}
static mode_t mode_of(int how, va_list arguments) {
    return (how & O_CREAT) || (how & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}
#define OPEN_AS(from, name, how)                \
    va_list arguments;                          \
    va_start(arguments, how);                   \
    const mode_t mode = mode_of(how, arguments); \
    va_end(arguments);                          \
    return open_one(from, name, how, mode)
int open(const char* name, int how, ...) { OPEN_AS(AT_FDCWD, name, how); }
int open64(const char* name, int how, ...) { OPEN_AS(AT_FDCWD, name, how); }
int openat(int from, const char* name, int how, ...) { OPEN_AS(from, name, how); }
int openat64(int from, const char* name, int how, ...) { OPEN_AS(from, name, how); }

/* What is open for reading alone loses nothing when it is closed. */
int close(int descriptor) {
    char path[PATH_MAX];
    const int how = directory ? fcntl(descriptor, F_GETFL) : -1;
    const int writes = how >= 0 && (how & O_ACCMODE) != O_RDONLY;
    if (writes && find_descriptor(descriptor, path) && judge(CLOSE, 0, path) == FAIL) {
        const int reason = errno;
        syscall(SYS_close, descriptor);
        errno = reason;
        return -1;
    }
    return (int)syscall(SYS_close, descriptor);
}

int mkdir(const char* name, mode_t mode) {
    char path[PATH_MAX];
    if (find_path(AT_FDCWD, name, path) && judge(MKDIR, 0, path) == FAIL) return -1;
    return (int)syscall(SYS_mkdirat, AT_FDCWD, name, mode);
}
