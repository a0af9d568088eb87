-- A list asks for all of a vault that stands in the community at once.
ALTER TABLE community_media DROP KEY community_media_user,
    ADD KEY community_media_user (user_id, media_id);
