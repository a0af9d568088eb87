#include "config.h"

#include "image/lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define CPU_GRACE 5
#define OUTPUT_GRACE (1024 * 1024 * 1024)
#define FILES_AT_START 64

static bool
limit(__rlimit_resource_t what, rlim_t n)
{
	struct rlimit rl, want = { n, n };

	if (getrlimit(what, &rl) == -1)
		return false;
	if (rl.rlim_max != RLIM_INFINITY && rl.rlim_max < n)
		want.rlim_cur = want.rlim_max = rl.rlim_max;
	return setrlimit(what, &want) == 0;
}

bool
lockdown_limits(const struct image_request *req)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct stat st = { 0 };

	if (req->op != IMAGE_OP_TEXT_MARK && fstat(IMAGE_FD_IN, &st) == -1)
		return false;
	/* A write beyond the limit must fail and be reported, not kill. */
	if (sigaction(SIGXFSZ, &ignore, NULL) == -1 ||
	    sigaction(SIGPIPE, &ignore, NULL) == -1)
		return false;
#ifndef SANITIZED
	/* AddressSanitizer reserves terabytes of address space. */
	if (!limit(RLIMIT_AS, req->memory))
		return false;
#endif
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0) == 0 && limit(RLIMIT_CORE, 0) &&
	    limit(RLIMIT_CPU, (rlim_t)req->timeout + CPU_GRACE) &&
	    limit(RLIMIT_FSIZE, (rlim_t)st.st_size + OUTPUT_GRACE) &&
	    limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, FILES_AT_START);
}

static const int allowed[] = {
	SCMP_SYS(brk),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(close),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(fstat),
	SCMP_SYS(fsync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(futex),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrlimit),
	SCMP_SYS(getrusage),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(lseek),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(nanosleep),
	SCMP_SYS(pread64),
	SCMP_SYS(pwrite64),
	SCMP_SYS(read),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sysinfo),
	SCMP_SYS(times),
	SCMP_SYS(uname),
	SCMP_SYS(write),
	SCMP_SYS(writev),
};

/* Calls that libraries try but can do without: looking for their own files,
 * threads, a terminal. */
static const struct {
	int call;
	unsigned e;
} refused[] = {
	{ SCMP_SYS(access), ENOENT },
	{ SCMP_SYS(faccessat), ENOENT },
	{ SCMP_SYS(faccessat2), ENOENT },
	{ SCMP_SYS(readlink), ENOENT },
	{ SCMP_SYS(readlinkat), ENOENT },
	{ SCMP_SYS(stat), ENOENT },
	{ SCMP_SYS(lstat), ENOENT },
	{ SCMP_SYS(statx), ENOENT },
	{ SCMP_SYS(getcwd), ENOENT },
	{ SCMP_SYS(unlink), ENOENT },
	{ SCMP_SYS(ioctl), ENOTTY },
	{ SCMP_SYS(clone), EAGAIN },
	{ SCMP_SYS(clone3), ENOSYS },
	{ SCMP_SYS(prlimit64), EPERM },
};

/* Without getcwd() fontconfig 2.15 reports "out of memory" for every glob in
 * its configuration and ignores the configuration. */
static const int file_calls[] = {
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fcntl),
	SCMP_SYS(getcwd),
	SCMP_SYS(getdents64),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(stat),
	SCMP_SYS(statx),
	SCMP_SYS(fstatfs),
	SCMP_SYS(statfs),
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Memory may be mapped, but not as executable. */
static int
add_memory(scmp_filter_ctx f)
{
	int r;

	r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (r == 0)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return r;
}

static int
add_without_files(scmp_filter_ctx f)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < COUNT(refused); i++)
		r = seccomp_rule_add(f, SCMP_ACT_ERRNO(refused[i].e),
		    refused[i].call, 0);
	if (r == 0)
		r = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOENT), SCMP_SYS(open),
		    0);
	if (r == 0)
		r = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOENT),
		    SCMP_SYS(openat), 0);
	/* glibc's fstat() uses this call with an empty name. */
	if (r == 0)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
		    SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	if (r == 0)
		r = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOENT),
		    SCMP_SYS(newfstatat), 1,
		    SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
	return r;
}

/* fontconfig tries many calls that it can do without, so the default here is an
 * errno. */
static int
add_with_files(scmp_filter_ctx f)
{
	uint64_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < COUNT(file_calls); i++)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, file_calls[i], 0);
	if (r == 0)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, writing, 0));
	return r;
}

/* What abort() and raise() need, for the process itself only. */
static int
add_death(scmp_filter_ctx f)
{
	return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
}

bool
lockdown_filter(bool files)
{
	scmp_filter_ctx f =
	    seccomp_init(files ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS);
	size_t i;
	int r = 0;

	if (f == NULL)
		return false;
	if (!files && !limit(RLIMIT_NOFILE, IMAGE_FD__MAX))
		return false;
	for (i = 0; r == 0 && i < COUNT(allowed); i++)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, allowed[i], 0);
	if (r == 0)
		r = add_memory(f);
	if (r == 0)
		r = add_death(f);
	if (r == 0)
		r = files ? add_with_files(f) : add_without_files(f);
	if (r == 0)
		r = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (r == 0)
		r = seccomp_load(f);
	seccomp_release(f);
	return r == 0;
}
