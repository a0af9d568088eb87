/*
 * The rows that statements return, named as in statements.def. Each is defined
 * once, in the *_db.c file of its table family, with its columns and the struct
 * that they are read into.
 */
#ifndef DB_ROWS_H
#define DB_ROWS_H

#include "db/db.h"

extern const struct db_row row_account_version;
extern const struct db_row row_collection;
extern const struct db_row row_community;
extern const struct db_row row_doctor_addresses;
extern const struct db_row row_doctor_heap;
extern const struct db_row row_doctor_media;
extern const struct db_row row_feed;
extern const struct db_row row_folder;
extern const struct db_row row_job;
extern const struct db_row row_key;
extern const struct db_row row_key_auth;
extern const struct db_row row_mail;
extern const struct db_row row_mail_listed;
extern const struct db_row row_mail_whole;
extern const struct db_row row_media;
extern const struct db_row row_media_bare;
extern const struct db_row row_media_count;
extern const struct db_row row_media_file;
extern const struct db_row row_media_listed;
extern const struct db_row row_media_opened;
extern const struct db_row row_media_path;
extern const struct db_row row_media_trashed;
extern const struct db_row row_migration;
extern const struct db_row row_notification;
extern const struct db_row row_orphan_name;
extern const struct db_row row_report;
extern const struct db_row row_session;
extern const struct db_row row_session_auth;
extern const struct db_row row_share;
extern const struct db_row row_share_activity;
extern const struct db_row row_share_code;
extern const struct db_row row_share_grant;
extern const struct db_row row_share_item;
extern const struct db_row row_share_line;
extern const struct db_row row_share_opened;
extern const struct db_row row_share_owned;
extern const struct db_row row_share_preview;
extern const struct db_row row_share_recipient;
extern const struct db_row row_share_target;
extern const struct db_row row_share_used;
extern const struct db_row row_subject;
extern const struct db_row row_tag;
extern const struct db_row row_tries;
extern const struct db_row row_user;
extern const struct db_row row_vault_stamp;
extern const struct db_row row_worker;

#endif
