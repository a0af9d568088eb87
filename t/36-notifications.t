#!/usr/bin/perl
# Notifications of shares, and lists of shares: who is notified of what, once;
# cheap to ask again; and pages that cost the same, however many there are.

use strict;
use warnings;
use JSON::PP ();
use T::App;
use T::Pictures;
use Test::More;

T::Pictures->need;
my $app = T::App->new(worker => 0);
my (%client, %user);
for my $name (qw(ann bob carol)) {
    ($client{$name}, $user{$name}) = $app->signed_in($name);
}
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);
my $list = '/api/v1/notifications/shares';

sub path { $_[0] =~ s{^http://localhost}{}r }
sub value { $app->db->value($_[0]) }
sub sql { $app->db->run_sql($app->db->name, $_[0]) }
sub hex_of { "UNHEX('" . ($_[0]{id} =~ tr/-//dr) . "')" }
my $up = $client{ann}->post('/api/user/media', multipart => [ file => {
    filename => 'sea.jpg', body => T::Pictures->content('IMG_1054.JPG') } ]);
my $sea = $up->json->{files}[0];
sub shared {
    my ($who, %o) = @_;
    my $r = $client{$who}->post('/api/v1/shares', json => {
        target_type => 'media', target_id => $sea->{uuid},
        recipient_type => 'public_link', %o });
    die $r->body if $r->status != 200;
    return $r->json;
}
sub to { (recipient_type => 'user', recipient_username => $_[0]) }
sub change {
    my ($who, $s, %o) = @_;
    return $client{$who}->patch("/api/v1/shares/$s->{id}", json => \%o);
}
sub end { $client{ $_[0] }->delete("/api/v1/shares/$_[1]{id}")->status }
sub unread { @{ $client{ $_[0] }->get($list)->json } }
sub kinds { join ' ', map { $_->{notification_type} } reverse unread($_[0]) }
sub read_all {
    for my $who (@_) {
        is($client{$who}->post("$list/read-all")->status, 200, "$who reads");
        is(kinds($who), '', "$who has nothing left");
    }
}

# ---- who is notified of what
my $s = shared(ann => to('bob'), note => 'look', permissions => {
    can_reshare => $yes });
is(kinds('bob'), 'share_created', 'bob is notified of a share');
is(kinds($_), '', "$_ is not") for qw(ann carol);
my ($n) = unread('bob');
is_deeply([ sort keys %$n ], [ sort qw(id share_id notification_type is_read
    created_at share) ], 'its fields');
is($n->{share_id}, $s->{id}, 'its share');
is($n->{is_read}, $no, 'unread');
is($n->{share}{owner_name}, 'ann', 'who shares');
is($n->{share}{name}, 'sea.jpg', 'what');
is($n->{share}{target_type}, 'media', 'of what kind');
my $passed = shared(bob => to('carol'));
is(kinds('carol'), 'share_created', "carol is notified of bob's reshare");
change(ann => $s, note => 'look again');
is(kinds('bob'), 'share_created share_updated', 'a change');
change(ann => $s, note => "look $_") for 1 .. 3;
$client{ann}->post("/api/share/$s->{id}/notification", json => {
    nomadUsers => [ $client{bob}->get('/api/auth/me')->json->{user}{uuid} ] });
is(kinds('bob'), 'share_created share_updated', 'notified once, until it is read');
is(end(ann => $s), 204, 'the end');
is(kinds('bob'), 'share_created share_updated share_revoked', 'and the end');
like(kinds('carol'), qr/share_revoked$/, 'of what was passed on too');
is(end(ann => $s), 404, 'once');
is(kinds('bob'), 'share_created share_updated share_revoked', 'notified once');

# ---- with the name at that time, not a later one
my $walks = $client{ann}->post('/api/v1/collections', json => {
    name => 'Walks' })->json;
my $of_walks = shared(ann => to('carol'), target_type => 'collection',
    target_id => $walks->{id});
is(end(ann => $of_walks), 204, 'a collection, and the end');
$client{ann}->patch("/api/v1/collections/$walks->{id}", json => {
    name => 'Secret' });
is(join(' ', map { $_->{share}{name} } (unread('carol'))[0, 1]),
    'Walks Walks', 'carol sees the names that she knew');

# ---- one read, all read
my @mine = unread('bob');
is($client{bob}->post("/api/notifications/shares/$mine[1]{id}/read")->status,
    200, 'one is read');
is(kinds('bob'), 'share_created share_revoked', 'and gone from the list');
is($client{bob}->post("$list/$mine[1]{id}/read")->status, 200, 'read again');
for my $id ($mine[0]{id}, '00112233-4455-4677-8899-aabbccddeeff') {
    my $r = $client{carol}->post("$list/$id/read");
    is($r->status, 404, "another user's, or unknown");
    is($r->json->{error}, 'Notification not found', 'in words');
}
is($client{bob}->post("$list/$_/read")->status, 400, "no id: $_")
    for 'x', '1', "$mine[0]{id}'", '%20';
is(scalar(unread('bob')), 2, 'nothing was read');
is($app->client->get($list)->status, 401, 'nobody has a list');
is($app->client->post("$list/read-all")->status, 401, 'nor reads one');
is($app->client->always('X-API-KEY', $app->key('bob', 'media:read'))
    ->get($list)->status, 403, 'nor a key with another scope');
is(scalar(unread('bob')), 2, 'still');
read_all(qw(bob carol));

# ---- to the owner
my $link = shared('ann', max_uses => 2, password => 'open sesame');
sub guess { $app->client->get("/api/v1/shared/$link->{public_token}",
    headers => { 'X-Share-Password' => $_[0] })->status }
is(guess('wrong'), 401, 'a wrong password') for 1 .. 3;
is(kinds('ann'), 'password_failed', 'is notified once');
read_all('ann');
is(guess('wrong'), 401, 'another');
is(kinds('ann'), 'password_failed', 'is notified again after reading it');
read_all('ann');
is(guess('open sesame'), 200, 'the first opening');
is(kinds('ann'), 'first_access', 'is notified');
read_all('ann');
is(guess('open sesame'), 200, 'the last');
is(kinds('ann'), 'limit_reached', 'is notified');
is(guess('open sesame'), 404, 'none');
is(kinds('ann'), 'limit_reached', 'is not');
read_all('ann');
my $open = shared('ann');
for (1 .. 3) {
    $app->client->get("/api/v1/shared/$open->{public_token}") for 1 .. 3;
    ok(T::Proc->until_true(5, sub { $client{ann}->get(
        "/api/v1/shares/$open->{id}")->json->{access_count} == 3 * $_ }),
        'openings');
}
is(kinds('ann'), 'first_access', 'of a link without a limit: the first');
read_all('ann');

# ---- cheap to ask again
sub since {
    my ($who, $tag) = @_;
    return $client{$who}->get($list, headers => { 'If-None-Match' => $tag });
}
my $r = $client{bob}->get($list);
my $tag = $r->header('ETag');
like($tag, qr/^"[^"]+"$/, 'a tag');
is(since(bob => $tag)->status, 304, 'nothing new');
is(since(bob => $tag)->body, '', 'without a word');
is(since(carol => $tag)->status, 200, "another user's tag does not match");
sub renewed {
    my ($what) = @_;
    my $r = since(bob => $tag);
    is($r->status, 200, "$what: something new");
    isnt($r->header('ETag'), $tag, "$what: under another tag");
    $tag = $r->header('ETag');
    is(since(bob => $tag)->status, 304, "$what: then no change");
}
$s = shared(ann => to('bob'));
renewed('a share');
change(ann => $s, note => 'x');
renewed('a change');
$client{bob}->post("$list/" . (unread('bob'))[0]{id} . '/read');
renewed('one read');
end(ann => $s);
renewed('the end');
$client{bob}->post("$list/read-all");
renewed('all read');
$client{bob}->post("$list/read-all");
is(since(bob => $tag)->status, 304, 'nothing was left to be read');
shared(ann => to('carol'));
is(since(bob => $tag)->status, 304, 'nor is what concerns another');

# The rows that a 304 reads, as the server counts them.
sub statements {
    my ($what) = @_;
    sql('TRUNCATE mysql.general_log; SET GLOBAL general_log = ON');
    $what->();
    sql('SET GLOBAL general_log = OFF');
    return map { $_->[0] } $app->db->rows('SELECT argument FROM'
        . " mysql.general_log WHERE command_type = 'Execute'");
}
sql("SET GLOBAL log_output = 'TABLE'");
my @asked = statements(sub { is(since(bob => $tag)->status, 304, 'again') });
is(scalar(grep { /\bnotification_stamps\b/ } @asked), 1, 'one row is read');
is(scalar(grep { /\bnotifications\b|\bshares\b/ } @asked), 0,
    'and no notification');
cmp_ok(scalar @asked, '<=', 2, 'beside who asks');
@asked = statements(sub { $client{bob}->get($list) });
is(scalar(grep { /\bnotifications\b/ } @asked), 2, 'a list reads them');

# ---- pages that others add to
$client{$_}->post("$list/read-all") for qw(ann bob);
my @known = map { shared(ann => to('bob'))->{id} } 1 .. 23;
sub walk {
    my ($who, $at, $each, $limit) = @_;
    my (@seen, $pages);
    for (1 .. 1000) {
        my $r = $client{$who}->get($at);
        return () if $r->status != 200;
        my @page = @{ $r->json };
        push @seen, @page;
        $pages++;
        return () if $limit && @page > $limit;
        my $link = $r->header('Link') // last;
        $link =~ /^<http:\/\/localhost(\/[^>]+)>; rel="next"$/ or return ();
        $at = $1;
        $each->();
    }
    return ($pages, @seen);
}
for my $case ([ ann => 'outgoing' ], [ bob => 'incoming' ]) {
    my ($who, $which) = @$case;
    for my $limit (1, 7, 23, 100) {
        my %had = map { $_->{id} => 1 } @{ $client{$who}->get(
            "/api/v1/shares/$which?limit=500")->json };
        my ($pages, @seen) = walk($who, "/api/v1/shares/$which?limit=$limit",
            sub { shared(ann => to('bob')) }, $limit);
        my %times;
        $times{ $_->{id} }++ for @seen;
        is_deeply([ sort keys %times ], [ sort keys %had ],
            "$which by $limit: all that was there");
        is(scalar(grep { $_ > 1 } values %times), 0,
            "$which by $limit: no duplicates");
        end(ann => { id => $_ }) for grep { !$had{$_} } map { $_->{id} }
            @{ $client{ann}->get('/api/v1/shares/outgoing?limit=500')
            ->json }[0 .. ($pages < 40 ? $pages - 2 : -1)];
    }
    my $r = $client{$who}->get("/api/v1/shares/$which?limit=5&offset=3");
    my @all = @{ $client{$who}->get("/api/v1/shares/$which?limit=500")->json };
    is_deeply([ map { $_->{id} } @{ $r->json } ], [ map { $_->{id} }
        @all[3 .. 7] ], "$which: an offset");
    is($r->header('X-Total-Count'), scalar @all, "$which: how many");
    $r = $client{$who}->get("/api/v1/shares/$which?offset=100000");
    is_deeply($r->json, [], "$which: after the end");
    is($r->header('Link'), undef, "$which: nothing follows");
    is($client{$who}->get("/api/v1/shares/$which?offset=9223372036854775807")
        ->status, 200, "$which: the largest offset");
    my @page = @{ $client{$who}->get("/api/v1/shares/$which")->json };
    cmp_ok(scalar @page, '<=', 50, "$which: at most fifty by default");
}
my $all = "/api/v1/shares/$known[0]/activity";
change(ann => { id => $known[0] }, note => "note $_") for 1 .. 9;
my ($pages, @lines) = walk(ann => "$all?limit=4",
    sub { change(ann => { id => $known[0] }, note => 'more') }, 4);
is(scalar @lines, 10, 'a log in pages');
($pages, @lines) = walk(bob => "$list?limit=5",
    sub { change(ann => { id => $known[1] }, note => 'more') }, 5);
my %times;
$times{ $_->{id} }++ for @lines;
is(scalar(grep { $_ > 1 } values %times), 0, 'notifications in pages');
for my $query ('limit=0', 'limit=501', 'limit=x', 'cursor=x', 'cursor=0',
    'offset=-1', 'cursor=1%27%20OR%20SLEEP(9)', 'offset=1%20UNION%20SELECT') {
    my $r = $client{bob}->get("$list?$query");
    is($r->status, 400, "?$query");
    is($r->json->{field}, $query =~ s/=.*//r, "?$query: the field");
}

# Received shares are listed while active; sent ones in any state.
my %end = map { $_ => shared(ann => to('carol'), max_uses => 1) }
    qw(active expired exhausted revoked);
sql('UPDATE shares SET expires_at = NOW(3) - INTERVAL 1 SECOND WHERE uuid = '
    . hex_of($end{expired}));
sql('UPDATE shares SET uses = 1 WHERE uuid = ' . hex_of($end{exhausted}));
end(ann => $end{revoked});
my %in = map { $_->{id} => 1 }
    @{ $client{carol}->get('/api/v1/shares/incoming?limit=500')->json };
my %out = map { $_->{id} => $_->{status} }
    @{ $client{ann}->get('/api/v1/shares/outgoing?limit=500')->json };
for my $state (sort keys %end) {
    is($in{ $end{$state}{id} } // 0, $state eq 'active' ? 1 : 0,
        "incoming: $state");
    is($out{ $end{$state}{id} }, $state, "outgoing: $state");
}
is_deeply($client{bob}->get('/api/v1/shares/outgoing')->json->[0]{owner_id},
    $passed->{owner_id}, 'and nobody sees what others sent');

# ---- a hundred thousand of each
my ($many, $owner, $recipient) = (100_000, $user{ann}{id}, $user{bob}{id});
sql(<<"SQL");
INSERT INTO shares (uuid, owner_id, origin, target_type, recipient_type)
SELECT RANDOM_BYTES(16), $owner, 'share', 'media', 'user'
FROM seq_1_to_$many;
INSERT INTO share_items (share_id, position, media_id)
SELECT s.id, 1, $sea->{id} FROM shares s LEFT JOIN share_items i
ON i.share_id = s.id WHERE i.share_id IS NULL AND s.target_type = 'media';
INSERT INTO share_recipients (share_id, user_id)
SELECT s.id, $recipient FROM shares s LEFT JOIN share_recipients r
ON r.share_id = s.id WHERE r.share_id IS NULL AND s.recipient_type = 'user';
INSERT INTO share_activity (uuid, share_id, action)
SELECT RANDOM_BYTES(16), (SELECT id FROM shares WHERE uuid =
${\ hex_of({ id => $known[0] })}), 'accessed' FROM seq_1_to_$many;
INSERT INTO notifications (uuid, user_id, share_id, kind)
SELECT RANDOM_BYTES(16), $recipient, (SELECT MAX(id) FROM shares),
'share_created' FROM seq_1_to_$many;
INSERT INTO notification_stamps (user_id) VALUES ($recipient)
ON DUPLICATE KEY UPDATE version = version + 1;
ANALYZE TABLE shares, share_items, share_recipients, share_activity,
notifications;
SQL
sub reads {
    return value('SELECT SUM(variable_value) FROM'
        . " information_schema.global_status WHERE variable_name LIKE"
        . " 'HANDLER_READ%'");
}
sub cost {
    my ($who, $target) = @_;
    my $idle = -reads() + reads();
    my $before = reads();
    my $r = $client{$who}->get($target);
    my $cost = reads() - $before - $idle;
    is($r->status, 200, "$target");
    return ($r, $cost);
}
sub peak {
    my $most = 0;
    for my $pid (T::Proc->children($app->pool->pid)) {
        open my $fh, '<', "/proc/$pid/status" or next;
        my ($kb) = join('', <$fh>) =~ /^VmHWM:\s+(\d+)/m;
        $most = $kb if $kb > $most;
    }
    return $most;
}
my $memory = peak();
for my $case ([ ann => '/api/v1/shares/outgoing', 'shares' ],
    [ bob => '/api/v1/shares/incoming', 'shares' ],
    [ ann => $all, 'share_activity' ], [ bob => $list, 'notifications' ]) {
    my ($who, $target, $table) = @$case;
    $client{$who}->get($target); # prepared
    my ($r, $first) = cost($who, $target);
    my ($none, $count) = cost($who, "$target?cursor=1"); # the number alone
    cmp_ok($r->header('X-Total-Count'), '>=', $many, "$target: the total count");
    my $least = value("SELECT MIN(id) FROM $table") + 300;
    my ($last, $cost) = cost($who, "$target?cursor=$least");
    cmp_ok(scalar @{ $last->json }, '>', 0, "$target: its end");
    is(scalar @{ $none->json }, 0, "$target: none behind it");
    cmp_ok($first - $count, '<', 2000, "$target: the first page is read"
        . " without the others ($first, $count of them to count)");
    cmp_ok($cost - $count, '<', 2000, "$target: and the last ($cost)");
    $client{$who}->get("$target?limit=500") for 1 .. 3;
}
cmp_ok(peak() - $memory, '<', 32 * 1024, 'in memory that does not grow');
is(since(bob => $client{bob}->get($list)->header('ETag'))->status, 304,
    'and nothing is new');
is($client{bob}->post("$list/read-all")->status, 200, 'all of them are read');
is(kinds('bob'), '', 'at once');


# The active one is found among any number of ended ones.
sql('UPDATE shares SET expires_at = NOW(3) - INTERVAL 1 SECOND WHERE'
    . " recipient_type = 'user'");
is($client{bob}->get("/api/user/media/$sea->{id}")->status, 404,
    'all have ended');
$s = { id => $known[5] };
sql('UPDATE shares SET expires_at = NULL WHERE uuid = ' . hex_of($s));
is($client{bob}->get("/api/user/media/$sea->{id}")->status, 200,
    'an old one is active again');
sql('UPDATE shares SET expires_at = NULL, max_uses = 1, uses = 1 WHERE uuid'
    . ' <> ' . hex_of($s) . " AND recipient_type = 'user'");
is($client{bob}->get("/api/user/media/$sea->{id}")->status, 200,
    'beside those that are used up');
is($client{ann}->delete("/api/v1/shares/$s->{id}")->status, 204, 'ended');
is($client{bob}->get("/api/user/media/$sea->{id}")->status, 404, 'none is');

$app->finish;
done_testing;
