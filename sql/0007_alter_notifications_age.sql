-- Old ones are found by their age.
ALTER TABLE notifications ADD KEY notifications_age (created_at);
