/* SPDX-License-Identifier: Apache-2.0
 * Refusals as problems, like every other error. */
#include "daemon/api/http_fault.h"

#include "daemon/api/problem.h"
#include "daemon/base/error.h"

static ErrorCode code_of_status(int status)
{
	switch (status) {
	case 413:
	case 431:
		return ERROR_LARGE;
	case 408:
	case 503:
		return ERROR_BUSY;
	case 500:
		return ERROR_INTERNAL;
	default:
		return ERROR_USAGE;
	}
}

HttpReply *http_fault_reply(const HttpFault *fault)
{
	g_autoptr(GError) error = NULL;
	HttpReply *reply;

	/* The text is the format itself so that its translation is found; it has no conversions. */
	error_set(&error, code_of_status(fault->status), fault->text, NULL);
	reply = problem_reply_status(error, fault->status);
	if (fault->status == 405)
		http_reply_add_header(reply, "Allow", "GET, HEAD, POST, PUT, DELETE");
	if (fault->status == 503)
		http_reply_add_header(reply, "Retry-After", "1");
	reply->is_closing = TRUE;
	return reply;
}
