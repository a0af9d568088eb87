-- Whether a file of the community's folders is known is asked by its name.
ALTER TABLE community_media ADD KEY community_media_thumb (thumb_name);
