-- A list asks for all share codes of a vault at once.
ALTER TABLE shares ADD KEY shares_code (owner_id, code_media_id);
