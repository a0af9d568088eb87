/* Every handler of the route table. Each parses, makes one call of the domain
 * and writes; a result other than ERR_OK is answered by dispatch.c. */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include "api/call.h"

/* handle_auth.c, handle_reset.c */
enum err handle_login(struct call *c) MUST_CHECK;
enum err handle_logout(struct call *c) MUST_CHECK;
enum err handle_me(struct call *c) MUST_CHECK;
enum err handle_token(struct call *c) MUST_CHECK;
enum err handle_password(struct call *c) MUST_CHECK;
enum err handle_reset(struct call *c) MUST_CHECK;
enum err handle_reset_confirm(struct call *c) MUST_CHECK;
enum err handle_key_list(struct call *c) MUST_CHECK;
enum err handle_key_add(struct call *c) MUST_CHECK;
enum err handle_key_revoke(struct call *c) MUST_CHECK;
enum err handle_session_list(struct call *c) MUST_CHECK;
enum err handle_session_end(struct call *c) MUST_CHECK;

/* handle_mail.c */
enum err handle_mail_list(struct call *c) MUST_CHECK;
enum err handle_mail_retry(struct call *c) MUST_CHECK;
enum err handle_mail_drop(struct call *c) MUST_CHECK;

/* handle_vault.c, handle_upload.c, handle_bulk.c */
enum err handle_vault_list(struct call *c) MUST_CHECK;
enum err handle_media_get(struct call *c) MUST_CHECK;
enum err handle_media_update(struct call *c) MUST_CHECK;
enum err handle_media_delete(struct call *c) MUST_CHECK;
enum err handle_media_restore(struct call *c) MUST_CHECK;
enum err handle_upload(struct call *c) MUST_CHECK;
enum err handle_bulk(struct call *c) MUST_CHECK;

/* handle_share.c, handle_community.c */
enum err handle_share(struct call *c) MUST_CHECK;
enum err handle_share_path(struct call *c) MUST_CHECK;
enum err handle_unshare(struct call *c) MUST_CHECK;
enum err handle_tags(struct call *c) MUST_CHECK;
enum err handle_feed(struct call *c) MUST_CHECK;

/* handle_moderation.c */
enum err handle_community_remove(struct call *c) MUST_CHECK;
enum err handle_report(struct call *c) MUST_CHECK;
enum err handle_report_list(struct call *c) MUST_CHECK;
enum err handle_take_down(struct call *c) MUST_CHECK;
enum err handle_community_restore(struct call *c) MUST_CHECK;

/* handle_delivery.c */
enum err handle_file(struct call *c) MUST_CHECK;
enum err handle_thumb(struct call *c) MUST_CHECK;
enum err handle_preview(struct call *c) MUST_CHECK;

/* handle_site.c */
enum err handle_openapi(struct call *c) MUST_CHECK;
enum err handle_style(struct call *c) MUST_CHECK;
enum err handle_robots(struct call *c) MUST_CHECK;
enum err handle_health(struct call *c) MUST_CHECK;

/* page_*.c */
enum err page_home(struct call *c) MUST_CHECK;
enum err page_login(struct call *c) MUST_CHECK;
enum err page_login_form(struct call *c) MUST_CHECK;
enum err page_forgotten(struct call *c) MUST_CHECK;
enum err page_forgotten_form(struct call *c) MUST_CHECK;
enum err page_reset(struct call *c) MUST_CHECK;
enum err page_reset_form(struct call *c) MUST_CHECK;
enum err page_logout_form(struct call *c) MUST_CHECK;
enum err page_vault(struct call *c) MUST_CHECK;
enum err page_upload_form(struct call *c) MUST_CHECK;
enum err page_share_form(struct call *c) MUST_CHECK;
enum err page_unshare_form(struct call *c) MUST_CHECK;
enum err page_delete_form(struct call *c) MUST_CHECK;
enum err page_shared(struct call *c) MUST_CHECK;
enum err page_community(struct call *c) MUST_CHECK;

#endif
