#!/usr/bin/perl
# Concurrent calls on shares: openings while they are revoked, changed,
# reshared and emptied. In any order, no answer is an error, no limit
# is exceeded, nothing that ended is open, and the tables are consistent.

use strict;
use warnings;
use JSON::PP ();
use POSIX ();
use T::App;
use T::Pictures;
use Test::More;

T::Pictures->need;
my $app = T::App->new(worker => 0, workers => 4, long_workers => 3);
my (%client, %user, %key);
for my $name (qw(ann bob carol dave)) {
    ($client{$name}, $user{$name}) = $app->signed_in($name);
    $key{$name} = $app->key($name);
}
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);

sub path { $_[0] =~ s{^http://localhost}{}r }
sub value { $app->db->value($_[0]) }
sub hex_of { "UNHEX('" . ($_[0]{id} =~ tr/-//dr) . "')" }
my @file = map { $client{ann}->post('/api/user/media', multipart => [ file => {
    filename => "$_.jpg", body => T::Pictures->content('IMG_1054.JPG') } ])
    ->json->{files}[0] } 1 .. 3;
sub may { +{ map { ("can_$_" => $yes) } @_ } }
sub share {
    my ($c, %o) = @_;
    return $c->post('/api/v1/shares', json => { target_type => 'media',
        target_id => $file[0]{uuid}, recipient_type => 'public_link', %o });
}
sub to { (recipient_type => 'user', recipient_username => $_[0]) }

# Runs every function in processes of its own, over and over, for some rounds:
# the statuses of each, status => how often.
sub at_once {
    my ($rounds, %what) = @_;
    pipe my $gate, my $open or die;
    pipe my $results, my $answers or die;
    my @pids;
    for my $name (sort keys %what) {
        my $pid = fork // die;
        push @pids, $pid;
        next if $pid;
        close $open;
        my $who = $name =~ s/ .*//r;
        my $c = $app->client;
        $c->always('X-API-KEY', $key{$who}) if $key{$who};
        sysread $gate, my $byte, 1;
        for my $n (1 .. $rounds) {
            my $r = eval { $what{$name}->($c, $n) };
            syswrite $answers, "$name\t" . ($r ? $r->status : 'none') . "\n";
        }
        POSIX::_exit(0);
    }
    close $_ for $gate, $open, $answers;
    waitpid $_, 0 for @pids;
    my %got;
    while (defined(my $line = <$results>)) {
        my ($name, $status) = $line =~ /^(.*)\t(.*)$/;
        $got{$name}{$status}++;
    }
    return \%got;
}
sub only {
    my ($name, $got, %may) = @_;
    for my $what (sort keys %$got) {
        my $may = $may{$what} // $may{ $what =~ s/\d+$//r };
        my @odd = grep { !/^(?:$may)$/ } keys %{ $got->{$what} };
        is_deeply(\@odd, [], "$name: $what: " . join ', ', map {
            "$got->{$what}{$_} x $_" } sort keys %{ $got->{$what} });
    }
}
sub agree {
    my ($name) = @_;
    ok(T::Proc->until_true(5, sub { value('SELECT COUNT(*) FROM shares s WHERE'
        . " s.uses <> (SELECT COUNT(*) FROM share_activity a WHERE"
        . " a.share_id = s.id AND a.action = 'accessed')") == 0 }),
        "$name: log and counters agree");
    is(value('SELECT COUNT(*) FROM shares WHERE uses > max_uses'), 0,
        "$name: no limit is exceeded");
    is(value('SELECT COUNT(*) FROM share_ancestors x JOIN shares c ON c.id ='
        . ' x.share_id JOIN shares p ON p.id = x.ancestor_id WHERE'
        . ' c.revoked_at IS NULL AND p.revoked_at IS NOT NULL'), 0,
        "$name: no reshare outlives its parent");
    is(value('SELECT COUNT(*) FROM share_ancestors x JOIN shares c ON c.id ='
        . ' x.share_id JOIN shares p ON p.id = x.ancestor_id WHERE'
        . ' c.revoked_at IS NULL AND (c.can_download > p.can_download OR'
        . ' c.can_edit > p.can_edit)'), 0,
        "$name: no reshare grants more than its parent");
    is(value("SELECT COUNT(*) FROM (SELECT share_id FROM share_activity WHERE"
        . " action = 'revoked' GROUP BY share_id HAVING COUNT(*) > 1) x"), 0,
        "$name: nothing is revoked twice");
}

# ---- one link, opened while it is changed and ended
for my $round (1 .. 3) {
    my $s = share($client{ann}, max_uses => 1000)->json;
    my $at = "/api/v1/shared/$s->{public_token}";
    my $end = "/api/v1/shares/$s->{id}";
    my $got = at_once(12,
        (map { ("guest $_" => sub { $_[0]->get($at) }) } 1 .. 4),
        'ann changes' => sub { $_[0]->patch($end, json => {
            note => "note $_[1]", max_uses => 1000 + $_[1],
            permissions => { can_download => $_[1] % 2 ? $yes : $no } }) },
        'ann revokes' => sub { $_[1] < 6 ? $_[0]->get($end)
            : $_[0]->delete($end) },
        'ann reads' => sub { $_[0]->get("$end/activity") });
    only("one link, $round", $got, 'guest ' => '200|404',
        'ann changes' => '200|404', 'ann revokes' => '200|204|404',
        'ann reads' => '200');
    is($got->{'ann revokes'}{204}, 1, "one link, $round: revoked once");
    is($app->client->get($at)->status, 404, "one link, $round: ended");
}
agree('one link');

# ---- a limit, raised while everybody wants to be the last
for my $limit (1, 2) {
    my $s = share($client{ann}, max_uses => $limit)->json;
    my $at = "/api/v1/shared/$s->{public_token}";
    my $got = at_once(10,
        (map { ("guest $_" => sub { $app->client->get($at) }) } 1 .. 5),
        'ann changes' => sub { $_[0]->patch("/api/v1/shares/$s->{id}",
            json => { max_uses => $limit + int($_[1] / 3) }) });
    only("limit $limit", $got, 'guest ' => '200|404', 'ann changes' => '200');
    my $in = 0;
    $in += $got->{"guest $_"}{200} // 0 for 1 .. 5;
    $in++ while $app->client->get($at)->status == 200 && $in < 100;
    is($in, $limit + 3, "limit $limit: the number of visits");
    is(value('SELECT uses FROM shares WHERE uuid = ' . hex_of($s)), $in,
        "limit $limit: and are counted");
    is(value('SELECT COUNT(*) FROM notifications n JOIN shares s ON'
        . " s.id = n.share_id WHERE n.kind = 'first_access' AND s.uuid = "
        . hex_of($s)), 1, "limit $limit: one notification of the first");
    my $reached = value('SELECT COUNT(*) FROM share_activity a JOIN shares s'
        . " ON s.id = a.share_id WHERE a.action = 'limit_reached' AND s.uuid ="
        . ' ' . hex_of($s));
    ok($reached >= 1 && $reached <= 4, "limit $limit: reached $reached times");
}
agree('a limit');

# ---- a tree, reshared while its permissions change and it ends
for my $round (1 .. 3) {
    my $root = share($client{ann}, to('bob'), max_uses => 40,
        permissions => may(qw(download edit reshare)))->json;
    my $middle = share($client{bob}, to('carol'),
        permissions => may(qw(download reshare)))->json;
    my $link = share($client{carol}, permissions => may('download'))->json;
    my $got = at_once(8,
        'bob passes on' => sub { share($_[0], to('carol'),
            permissions => may(qw(download edit reshare))) },
        'carol passes on' => sub { share($_[0], to('dave'),
            permissions => may(qw(download reshare))) },
        'dave passes on' => sub { share($_[0],
            permissions => may('download')) },
        'carol widens' => sub { $_[0]->patch("/api/v1/shares/$link->{id}",
            json => { permissions => {
                can_download => $_[1] % 2 ? $yes : $no } }) },
        'bob widens' => sub { $_[0]->patch("/api/v1/shares/$middle->{id}",
            json => { permissions => {
                can_download => $_[1] % 2 ? $no : $yes } }) },
        'ann narrows' => sub { $_[0]->patch("/api/v1/shares/$root->{id}",
            json => { permissions => {
                can_download => $_[1] % 2 ? $no : $yes,
                can_edit => $_[1] % 3 ? $no : $yes } }) },
        'dave looks' => sub {
            $_[0]->get("/api/user/media/$file[0]{id}") },
        (map { ("guest $_" => sub { $_[0]->get(
            "/api/v1/shared/$link->{public_token}") }) } 1 .. 2),
        'bob revokes' => sub { $_[1] < 6 ? $_[0]->get('/api/v1/shares/outgoing')
            : $_[0]->delete("/api/v1/shares/$middle->{id}") },
        'ann revokes' => sub { $_[1] < 8 ? $_[0]->get('/api/v1/shares/outgoing')
            : $_[0]->post('/api/v1/shares/batch/delete', json => {
                share_ids => [ $root->{id} ] }) });
    only("a tree, $round", $got, 'bob passes on' => '200|403|404',
        'carol passes on' => '200|403|404', 'dave passes on' => '200|403|404',
        'carol widens' => '200|403|404', 'bob widens' => '200|403|404',
        'ann narrows' => '200|404', 'dave looks' => '200|404',
        'guest ' => '200|404', 'bob revokes' => '200|204|404',
        'ann revokes' => '200');
    is($app->client->get("/api/v1/shared/$link->{public_token}")->status, 404,
        "a tree, $round: over");
    is($client{$_}->get("/api/user/media/$file[0]{id}")->status, 404,
        "a tree, $round: to $_ too") for qw(bob carol dave);
    agree("a tree, $round");
}

# ---- the root's limit, through all of its branches at once
my $root = share($client{ann}, to('bob'), max_uses => 5,
    permissions => may('reshare'))->json;
my @links = map { share($client{bob})->json } 1 .. 3;
my $got = at_once(5, map { my $l = $links[ $_ % 3 ];
    ("guest $_" => sub { $_[0]->forget->get(
        "/api/v1/shared/$l->{public_token}") }) } 1 .. 9);
my %sum;
for my $of (values %$got) {
    $sum{$_} += $of->{$_} for keys %$of;
}
is_deeply(\%sum, { 200 => 5, 404 => 40 }, 'three branches, five uses');
is($client{ann}->get("/api/v1/shares/$root->{id}")->json->{access_count}, 5,
    'counted at the root');
is(value("SELECT COUNT(*) FROM share_activity a JOIN shares s ON s.id ="
    . " a.share_id WHERE a.action = 'limit_reached' AND s.uuid = "
    . hex_of($root)), 1, 'reached once');
agree('three branches');
$client{ann}->delete("/api/v1/shares/$root->{id}");

# ---- a collection, filled, emptied, reshared and deleted while it is open
for my $round (1 .. 2) {
    my $k = $client{ann}->post('/api/v1/collections', json => {
        name => "round $round" })->json;
    my $base = "/api/v1/collections/$k->{id}";
    $client{ann}->put("$base/media/$_->{uuid}") for @file;
    my %of = (target_type => 'collection', target_id => $k->{id});
    my $with = share($client{ann}, %of, to('bob'),
        permissions => may(qw(edit reshare)))->json;
    my $link = share($client{ann}, %of)->json;
    my $got = at_once(10,
        'ann fills' => sub { $_[0]->put("$base/media/$file[0]{uuid}") },
        'ann empties' => sub { $_[0]->delete("$base/media/$file[0]{uuid}") },
        'bob takes' => sub { $_[0]->delete("$base/media/$file[1]{uuid}") },
        'bob passes on' => sub { share($_[0]) },
        'bob passes all on' => sub { share($_[0], %of) },
        'ann shares' => sub { share($_[0], %of, to('carol')) },
        'carol looks' => sub { $_[0]->get($base) },
        (map { ("guest $_" => sub { $_[0]->get(
            "/api/v1/shared/$link->{public_token}") }) } 1 .. 2),
        'ann deletes' => sub { $_[1] < 10 ? $_[0]->get($base)
            : $_[0]->delete($base) });
    only("a collection, $round", $got, 'ann fills' => '204|404',
        'ann empties' => '204|404', 'bob takes' => '204|404',
        'bob passes on' => '200|403|404', 'bob passes all on' => '200|404',
        'ann shares' => '200|404', 'carol looks' => '200|404',
        'guest ' => '200|404', 'ann deletes' => '200|204');
    is(value('SELECT COUNT(*) FROM shares s JOIN collections k ON k.id ='
        . ' s.collection_id WHERE k.deleted_at IS NOT NULL AND'
        . ' s.revoked_at IS NULL'), 0,
        "a collection, $round: no share of it is left");
    is(value('SELECT COUNT(*) FROM collection_items c JOIN collections k ON'
        . ' k.id = c.collection_id WHERE k.deleted_at IS NOT NULL'), 0,
        "a collection, $round: nor anything in it");
    is($app->client->get("/api/v1/shared/$link->{public_token}")->status, 404,
        "a collection, $round: over");
    agree("a collection, $round");
}

# ---- notifications, read while they come
my $got_n = at_once(10,
    'ann shares' => sub { share($_[0], to('dave')) },
    'bob shares' => sub { share($_[0], to('dave')) },
    (map { ("dave reads $_" => sub { $_[0]->post(
        '/api/v1/notifications/shares/read-all') }) } 1 .. 3),
    (map { ("dave polls $_" => sub { $_[0]->get(
        '/api/v1/notifications/shares') }) } 1 .. 3));
only('notifications', $got_n, 'ann shares' => '200', 'bob shares' => '404',
    'dave reads ' => '200', 'dave polls ' => '200');
$client{dave}->post('/api/v1/notifications/shares/read-all');
is_deeply($client{dave}->get('/api/v1/notifications/shares')->json, [],
    'notifications: read in the end');

# ---- passed on at the moment when its recipient loses it
{
    my $s = share($client{ann}, to('bob'), permissions => may('reshare'))
        ->json;
    my $id = value("SELECT id FROM shares WHERE uuid = UNHEX('"
        . ($s->{id} =~ tr/-//dr) . "')");
    my $pid = fork // die;
    if (!$pid) {
        $app->db->run_sql($app->db->name,
            "START TRANSACTION; SELECT id FROM shares WHERE id = $id FOR"
            . ' UPDATE; SELECT SLEEP(2); DELETE FROM share_recipients WHERE'
            . " share_id = $id; COMMIT");
        POSIX::_exit(0);
    }
    ok(T::Proc->until_true(5, sub { value('SELECT COUNT(*) FROM'
        . " information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'") }),
        "bob's share is being revoked");
    is(share($client{bob})->status, 404, 'bob cannot reshare');
    waitpid $pid, 0;
    is(value("SELECT COUNT(*) FROM shares WHERE parent_id = $id"), 0,
        'there is nothing');
}

is(join("\n", grep { / status=5\d\d / } split /\n/, $app->log), '',
    'no answer was a fault');
$app->finish;
done_testing;
