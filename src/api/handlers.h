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

/* handle_media_share.c, handle_community.c */
enum err handle_media_share(struct call *c) MUST_CHECK;
enum err handle_media_share_path(struct call *c) MUST_CHECK;
enum err handle_media_unshare(struct call *c) MUST_CHECK;
enum err handle_tags(struct call *c) MUST_CHECK;
enum err handle_feed(struct call *c) MUST_CHECK;

/* handle_share.c, handle_shared.c */
enum err handle_share_create(struct call *c) MUST_CHECK;
enum err handle_share_outgoing(struct call *c) MUST_CHECK;
enum err handle_share_incoming(struct call *c) MUST_CHECK;
enum err handle_share_batch_delete(struct call *c) MUST_CHECK;
enum err handle_share_get(struct call *c) MUST_CHECK;
enum err handle_share_update(struct call *c) MUST_CHECK;
enum err handle_share_delete(struct call *c) MUST_CHECK;
enum err handle_share_activity(struct call *c) MUST_CHECK;
enum err handle_share_items(struct call *c) MUST_CHECK;
enum err handle_shared(struct call *c) MUST_CHECK;
enum err handle_shared_unlock(struct call *c) MUST_CHECK;

/* handle_link.c */
enum err handle_link_create(struct call *c) MUST_CHECK;
enum err handle_link_open(struct call *c) MUST_CHECK;
enum err handle_link_send(struct call *c) MUST_CHECK;
enum err handle_link_deliveries(struct call *c) MUST_CHECK;

/* handle_asset.c */
enum err handle_asset_share(struct call *c) MUST_CHECK;
enum err handle_asset_share_create(struct call *c) MUST_CHECK;
enum err handle_asset_share_get(struct call *c) MUST_CHECK;
enum err handle_asset_share_update(struct call *c) MUST_CHECK;
enum err handle_asset_share_delete(struct call *c) MUST_CHECK;
enum err handle_asset_share_expire(struct call *c) MUST_CHECK;
enum err handle_asset_share_notify(struct call *c) MUST_CHECK;

/* handle_notification.c, handle_collection.c */
enum err handle_mail_wish(struct call *c) MUST_CHECK;
enum err handle_mail_wish_set(struct call *c) MUST_CHECK;
enum err handle_notification_list(struct call *c) MUST_CHECK;
enum err handle_notification_read_all(struct call *c) MUST_CHECK;
enum err handle_notification_read(struct call *c) MUST_CHECK;
enum err handle_collection_list(struct call *c) MUST_CHECK;
enum err handle_collection_add(struct call *c) MUST_CHECK;
enum err handle_collection_get(struct call *c) MUST_CHECK;
enum err handle_collection_update(struct call *c) MUST_CHECK;
enum err handle_collection_delete(struct call *c) MUST_CHECK;
enum err handle_collection_put(struct call *c) MUST_CHECK;
enum err handle_collection_take(struct call *c) MUST_CHECK;

/* handle_moderation.c */
enum err handle_community_remove(struct call *c) MUST_CHECK;
enum err handle_report(struct call *c) MUST_CHECK;
enum err handle_report_list(struct call *c) MUST_CHECK;
enum err handle_take_down(struct call *c) MUST_CHECK;
enum err handle_community_restore(struct call *c) MUST_CHECK;

/* handle_delivery.c */
enum err handle_file(struct call *c) MUST_CHECK;
enum err handle_thumb(struct call *c) MUST_CHECK;
enum err handle_view(struct call *c) MUST_CHECK;
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
enum err page_shared_media(struct call *c) MUST_CHECK;
enum err page_unsubscribe(struct call *c) MUST_CHECK;
enum err page_unsubscribe_form(struct call *c) MUST_CHECK;
enum err page_link(struct call *c) MUST_CHECK;
enum err page_unlock_form(struct call *c) MUST_CHECK;
enum err page_share(struct call *c) MUST_CHECK;
enum err page_shares(struct call *c) MUST_CHECK;
enum err page_share_new(struct call *c) MUST_CHECK;
enum err page_share_new_form(struct call *c) MUST_CHECK;
enum err page_share_log(struct call *c) MUST_CHECK;
enum err page_revoke_form(struct call *c) MUST_CHECK;
enum err page_notifications(struct call *c) MUST_CHECK;
enum err page_read_form(struct call *c) MUST_CHECK;
enum err page_mail_form(struct call *c) MUST_CHECK;
enum err page_collections(struct call *c) MUST_CHECK;
enum err page_collection_add_form(struct call *c) MUST_CHECK;
enum err page_collection_put(struct call *c) MUST_CHECK;
enum err page_collection_put_form(struct call *c) MUST_CHECK;
enum err page_collection(struct call *c) MUST_CHECK;
enum err page_collection_edit_form(struct call *c) MUST_CHECK;
enum err page_collection_take_form(struct call *c) MUST_CHECK;
enum err page_collection_delete_form(struct call *c) MUST_CHECK;
enum err page_community(struct call *c) MUST_CHECK;

#endif
