#include "config.h"

#include "core/ops/finding.h"

const char *
finding_severity_name(enum severity s)
{
	static const char *const names[SEVERITY__MAX] = {
		[SEVERITY_NOTE] = "note",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_UNKNOWN] = "unknown",
		[SEVERITY_ERROR] = "error",
	};

	AN(s < SEVERITY__MAX);
	return names[s];
}
