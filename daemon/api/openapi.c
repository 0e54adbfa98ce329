/* SPDX-License-Identifier: Apache-2.0
 * openapi.yaml inside the program, so that what is served is what was built. */
#include "daemon/api/openapi.h"

__asm__(".pushsection .rodata\n"
	"openapi_begin: .incbin \"" OPCARD_OPENAPI "\"\n"
	"openapi_end:\n"
	".popsection\n");

extern const char openapi_begin[], openapi_end[];

GBytes *openapi_text(void)
{
	return g_bytes_new_static(openapi_begin, (gsize) (openapi_end - openapi_begin));
}
