#!/usr/bin/perl
# Deleting and restoring: what ends at once, what stays, what a crash
# leaves for the worker, and any number of calls at once.

use strict;
use warnings;
use JSON::PP ();
use POSIX ();
use T::App;
use T::Pictures;
use T::Site;
use Test::More;

T::Pictures->need;
my $app = T::App->new(long_workers => 4, conf => {
    'storage.trash_keep' => '7d', 'worker.pause' => '1s' });
my ($client, $ann) = $app->signed_in('ann');
my ($stranger) = $app->signed_in('eve');
my $photo = T::Pictures->content('IMG_1054.JPG');
my $db = $app->db;
my $other = substr $photo, 0, -1; # of other bytes, and still a picture

sub sql { return $db->run_sql($db->name, $_[0]) }
sub row {
    my ($id, $what) = @_;
    return $db->value("SELECT $what FROM media WHERE id = $id");
}
sub upload {
    my ($name, $body) = @_;
    my $r = $client->post('/api/user/media', multipart => [ file => {
        filename => $name, body => $body // $photo } ]);
    die $r->status . $r->body if $r->status != 201;
    return $r->json->{files}[0];
}
sub vault { return $app->storage . "/user-media/$_[0]{path}" }
sub trash { return $app->storage . "/trash/$_[0]{uuid}" }
sub path_of { return $_[0] =~ s{^http://localhost}{}r }
sub restore { return $client->post("/api/user/media/$_[0]/restore") }
sub listed {
    return scalar grep { $_->{id} == $_[0] } $app->files($client);
}

# ---- what a delete ends, and what it leaves
my $file = upload('one.jpg');
my $id = $file->{id};
my $yes = { shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
    tags => ['nature'] };
ok($app->enriched($client), 'it is read');
my $share = $client->post("/api/media/$id/share", json => $yes)->json;
my ($url, $link) = (path_of($file->{url}), path_of($share->{shareUrl}));
is($app->client->get($url)->status, 200, 'its address opens');
is($app->client->get($link)->status, 200, 'its link too');
my $page = $app->client->get("/shared/media/$share->{shareCode}")->json;

is($stranger->delete("/api/user/media/$id")->status, 404,
    "another's is not to be deleted");
is($client->delete("/api/user/media/$id")->status, 204, 'it is deleted');
is($app->client->get($url)->status, 404, 'its URL stops working at once');
is($app->client->get($link)->status, 404, 'its link is');
is($app->client->get("$link/preview")->status, 404, 'and the preview');
is(listed($id), 0, 'it is not listed');
for my $call ([ get => '' ], [ delete => '' ], [ patch => '', json => {
    title => 'x' } ], [ post => '/share', json => {} ],
    [ delete => '/share' ]) {
    my ($method, $more, @o) = @$call;
    is($client->$method("/api/user/media/$id$more", @o)->status, 404,
        "deleted: no $method $more");
}
ok(!-e vault($file), 'its file is not in the vault');
is(T::Site::slurp(trash($file)), $photo, 'it is complete in the trash');
is(row($id, 'state'), 'trashed', 'its row says so');
is(row($id, 'path_hash'), undef, 'and claims no name');
is($db->value("SELECT COUNT(*) FROM shares WHERE revoked_at IS NOT NULL"), 1,
    'its share is revoked');
is($db->value("SELECT COUNT(*) FROM share_activity WHERE action = 'revoked'"),
    1, 'it is logged');
my $feed = $app->client->get('/api/community/media')->json;
is(scalar @{ $feed->{items} }, 1, 'the community copy stays');
ok(-e $app->storage . '/general/' . ($feed->{items}[0]{url} =~ s{.*/}{}r),
    'with its object');

# ---- back again
is($stranger->post("/api/user/media/$id/restore")->status, 404,
    "another's does not come back");
my $r = restore($id);
is($r->status, 200, 'it comes back') or diag($r->body);
is($r->json->{path}, $file->{path}, 'to its place');
is($r->json->{name}, $file->{name}, 'by its name');
is(T::Site::slurp(vault($file)), $photo, 'whole');
ok(!-e trash($file), 'and is in the trash no more');
is(row($id, 'state'), 'live', 'its row says so');
is($app->client->get($url)->status, 200, 'its address opens again');
is($app->client->get($link)->status, 404, 'the link stays revoked');
ok(!$r->json->{isShared}, 'as the file says');
ok($r->json->{shareToCommunity}, 'and the community copy is its own again');
is(restore($id)->status, 404, 'twice it does not come back');
is(listed($id), 1, 'it is listed once');
is(restore(999999)->status, 404, 'nor one that was never there');
is(restore('abc')->status, 400, 'no number');

# ---- its name was taken in the meantime
is($client->delete("/api/user/media/$id")->status, 204, 'deleted again');
my $second = upload('one.jpg', $other);
is($second->{path}, $file->{path}, 'the name is free for another');
is($client->delete("/api/user/media/$second->{id}")->status, 204,
    'which is deleted too');
my $third = upload('one.jpg');
is($third->{path}, $file->{path}, 'and free again');
is(scalar(() = $app->objects('trash')), 2, 'two in the trash');
$app->drop($ann, 'Uploads', 'one-2.jpg', content => $photo);
$r = restore($id);
is($r->status, 200, 'the first comes back') or diag($r->body);
isnt($r->json->{path}, $third->{path}, 'under a name of its own');
isnt($r->json->{path}, "users/$ann->{id}/Uploads/one-2.jpg",
    'that no unlisted file has either');
is($r->json->{originalName}, 'one.jpg', 'its original name stays');
is(T::Site::slurp(vault($r->json)), $photo, 'with its bytes');
is($app->client->get(path_of($r->json->{url}))->status, 200,
    'and can be opened');
my $back = restore($second->{id});
is($back->status, 200, 'the second comes back');
is(T::Site::slurp(vault($back->json)), $other, 'with its own');
my %paths = map { $_->{path} => 1 } $app->files($client);
is(scalar keys %paths, 4, 'four files of four names');
is_deeply([ $app->objects('trash') ], [], 'the trash is empty');

# ---- killed between the steps
sub half {
    my ($name, %o) = @_;
    my $f = upload($name);
    is($client->delete("/api/user/media/$f->{id}")->status, 204,
        "$name is deleted") if !$o{live};
    return $f;
}
my $claimed = "path_hash = UNHEX(SHA2(path, 256)), state = 'trashed'";
my $old = 'state_at = NOW(3) - INTERVAL 6 MINUTE';

# The row is marked, the file has not moved.
my $marked = half('marked.jpg', live => 1);
sql("UPDATE media SET state = 'trashed', $old WHERE id = $marked->{id}");
# The file has moved, its name is not given up; or it was on its way back, the
# name claimed and the file still in the trash: both look the same.
my $moved = half('moved.jpg');
sql("UPDATE media SET $claimed, $old WHERE id = $moved->{id}");
# The same, after someone removed the file by hand.
my $lost = half('lost.jpg');
sql("UPDATE media SET $claimed, $old WHERE id = $lost->{id}");
unlink trash($lost) or die;
# On the way back: the file is in the vault, the row has not come to life.
my $nearly = half('nearly.jpg');
rename trash($nearly), vault($nearly) or die;
sql("UPDATE media SET $claimed, $old WHERE id = $nearly->{id}");
# Moved a moment ago: another request may be using it.
my $fresh = half('fresh.jpg', live => 1);
sql("UPDATE media SET state = 'trashed', state_at = NOW(3)"
    . " WHERE id = $fresh->{id}");

is(listed($_->{id}), 0, "$_->{name}: half deleted, not listed")
    for $marked, $nearly, $fresh;
is(scalar(grep { $_->{name} eq 'marked.jpg' } $app->files($client)), 0,
    'and the file is not listed as a new one');
is(restore($marked->{id})->status, 404, 'nor is it restored yet');

# The worker does it when it begins; it looks once a minute later on.
sub worker_again {
    my ($condition, $name) = @_;
    $app->end('worker_proc');
    $app->start_worker;
    ok(T::Proc->until_true(30, $condition), $name);
}
worker_again(sub { !grep { defined row($_->{id}, 'path_hash') }
    $marked, $moved, $lost, $nearly }, 'the worker finishes the move');
for my $f ($marked, $moved, $nearly) {
    ok(!-e vault($f), "$f->{name} is out of the vault");
    is(T::Site::slurp(trash($f)), $photo, "$f->{name} lies in the trash");
}
ok(defined row($fresh->{id}, 'path_hash'), 'recent ones are left alone');
is(restore($_->{id})->status, 200, "$_->{name} comes back")
    for $marked, $moved, $nearly;
is(restore($lost->{id})->status, 404, 'what is nowhere does not');
is(row($lost->{id}, 'path_hash'), undef, 'and claims no name afterwards');
upload('lost.jpg');
sql("UPDATE media SET state = 'live', state_at = NULL"
    . " WHERE id = $fresh->{id}");

# ---- the trash is emptied
my @kept = map { upload("keep-$_.jpg") } 1 .. 3;
is($client->delete("/api/user/media/$_->{id}")->status, 204, 'into the trash')
    for @kept;
sql("UPDATE media SET state_at = NOW(3) - INTERVAL 8 DAY WHERE id ="
    . " $kept[0]{id}");
sql("UPDATE media SET state_at = NOW(3) - INTERVAL 8 DAY WHERE id ="
    . " $kept[1]{id}");
unlink trash($kept[1]) or die;
my $share_id = $db->value("SELECT id FROM community_media WHERE media_id ="
    . " $id");
sql("UPDATE media SET state_at = NOW(3) - INTERVAL 6 DAY WHERE id ="
    . " $kept[2]{id}");
is($client->delete("/api/user/media/$id")->status, 204,
    'the one of the community too');
sql("UPDATE media SET state_at = NOW(3) - INTERVAL 8 DAY WHERE id = $id");
worker_again(sub { !defined row($id, 'id') && !defined row($kept[0]{id},
    'id') && !defined row($kept[1]{id}, 'id') },
    'media kept long enough are removed');
ok(!-e trash($kept[0]), 'with its file');
ok(-e trash($kept[2]), 'the younger one stays');
is(restore($kept[0]{id})->status, 404, 'a removed one cannot be restored');
is(restore($kept[2]{id})->status, 200, 'the younger one can be restored');
is($db->value("SELECT COUNT(*) FROM community_media WHERE id = $share_id AND"
    . " media_id IS NULL AND state = 'ready'"), 1,
    'the community copy outlives its original');

# ---- and the copy goes by its own
is($stranger->delete("/api/community/media/$share_id")->status, 404,
    'a stranger does not remove it');
is($client->delete("/api/community/media/$share_id")->status, 204,
    'its sharer does');
is_deeply([ $app->objects('general') ], [], 'with its object');
is($db->value('SELECT COUNT(*) FROM community_media'), 0, 'and its record');
is($client->delete("/api/community/media/$share_id")->status, 404,
    'which is no longer there');

# ---- many at once
my @bulk = map { upload("bulk-$_.jpg")->{id} } 1 .. 6;
my ($of_eve) = $stranger->post('/api/user/media', multipart => [ file => {
    filename => 'eve.jpg', body => $photo } ])->json->{files}[0]{id};
sub bulk { return $client->post('/api/user/media/bulk', json => { @_ }) }
sub results {
    my ($r) = @_;
    return join ' ', map { $_->{ok} ? "$_->{id}" : "$_->{id}:$_->{status}" }
        @{ $r->json->{results} };
}
my @before = ($db->rows('SELECT id, state, title FROM media ORDER BY id'),
    $db->rows('SELECT COUNT(*) FROM shares'));
for my $case (
    [ 'another action', action => 'burn', ids => [ $bulk[0] ] ],
    [ 'no action', ids => [ $bulk[0] ] ],
    [ 'an action of the wrong type', action => 5, ids => [ $bulk[0] ] ],
    [ 'no ids', action => 'delete' ],
    [ 'empty ids', action => 'delete', ids => [] ],
    [ 'ids that are none', action => 'delete', ids => $bulk[0] ],
    [ 'ids as null', action => 'delete', ids => undef ],
    [ '501 ids', action => 'delete', ids => [ ($bulk[0]) x 501 ] ],
    [ 'ids as texts', action => 'delete', ids => [ "$bulk[0]" ] ],
    [ 'a fraction', action => 'delete', ids => [ $bulk[0] + .5 ] ],
    [ 'zero', action => 'delete', ids => [ 0 ] ],
    [ 'a negative one', action => 'delete', ids => [ $bulk[0], -1 ] ],
    [ 'null among them', action => 'delete', ids => [ $bulk[0], undef ] ],
    [ 'a list among them', action => 'delete', ids => [ $bulk[0], [] ] ],
    [ 'tags of the wrong type', action => 'share', ids => [ $bulk[0] ],
        tags => 'nature' ],
) {
    my ($name, @o) = @$case;
    my $r = bulk(@o);
    is($r->status, 400, "bulk refused: $name") or diag($r->body);
    ok($r->json->{message}, "bulk refused: $name: with a message");
}
is($client->post('/api/user/media/bulk', headers => {
    'Content-Type' => 'application/json' }, body =>
    '{"action": "delete", "ids": [99999999999999999999]}')->status, 400,
    'bulk refused: a number beyond all numbers');
is_deeply([ $db->rows('SELECT id, state, title FROM media ORDER BY id'),
    $db->rows('SELECT COUNT(*) FROM shares') ], \@before,
    'bulk: refusals change nothing');
$r = bulk(action => 'share', ids => [ @bulk[0, 1], $of_eve, 999999 ],
    %$yes);
is($r->status, 200, 'bulk: shared') or diag($r->body);
is(results($r), "$bulk[0] $bulk[1] $of_eve:404 999999:404",
    'bulk: each with its own result, in their order');
ok($r->json->{results}[0]{publicUrl}, 'bulk: with its addresses');
ok($r->json->{results}[2]{message}, 'bulk: or why not');
is(results(bulk(action => 'share', ids => [ @bulk[2, 3] ],
    shareToCommunity => JSON::PP::true, consent => JSON::PP::false,
    tags => ['nature'])), "$bulk[2]:400 $bulk[3]:400",
    'bulk: without consent, each is refused');
is(results(bulk(action => 'unshare', ids => [ @bulk[0, 0, 4], $of_eve ])),
    "$bulk[0] $bulk[0] $bulk[4] $of_eve:404", 'bulk: sharing stopped');
is($db->value("SELECT COUNT(*) FROM community_media"), 1,
    'bulk: one of the community is left');
is(results(bulk(action => 'delete', ids => [ @bulk[1, 1, 2], $of_eve ])),
    "$bulk[1] $bulk[1]:404 $bulk[2] $of_eve:404", 'bulk: deleted');
is(row($of_eve, 'state'), 'live', "bulk: another user's stays");
my $reader = $app->client->always('X-API-KEY',
    $app->key('ann', 'media:read', 'shares'));
is($reader->post('/api/user/media/bulk', json => { action => 'delete',
    ids => [ $bulk[3] ] })->status, 403, 'bulk: a key within its scopes');
is($reader->post('/api/user/media/bulk', json => { action => 'unshare',
    ids => [ $bulk[3] ] })->status, 200, 'bulk: and not beyond');
is($reader->post('/api/user/media/bulk', json => { action => 'share',
    ids => [ $bulk[3] ], %$yes })->status, 403,
    'bulk: nor to the community');

# ---- deleted and restored at once
my $torn = upload('torn.jpg', $other);
my $key = $app->key('ann');
for my $round (1 .. 3) {
    my @pids = map {
        my $n = $_;
        my $pid = fork // die;
        if ($pid == 0) {
            my $c = $app->client->always('X-API-KEY', $key);
            my $r = eval { $n % 2
                ? $c->post("/api/user/media/$torn->{id}/restore")
                : $c->delete("/api/user/media/$torn->{id}") };
            POSIX::_exit($r && $r->status =~ /^(200|204|404)$/ ? 0 : 1);
        }
        $pid;
    } 1 .. 20;
    is(scalar(grep { waitpid $_, 0; $? } @pids), 0,
        "twenty at once, $round: each has its answer");
    my ($state, $path, $hash) = @{ ($db->rows('SELECT state, path, path_hash'
        . " IS NOT NULL FROM media WHERE id = $torn->{id}"))[0] };
    my $there = -e $app->storage . "/user-media/$path" ? 1 : 0;
    my $away = -e trash($torn) ? 1 : 0;
    is("$state $hash $there $away", $state eq 'live' ? 'live 1 1 0'
        : 'trashed 0 0 1', "twenty at once, $round: one state ($state)");
    is(scalar(grep { $_->{size} == length $other && $_->{name} =~ /^torn/ }
        $app->files($client)), $state eq 'live' ? 1 : 0,
        "twenty at once, $round: listed once, in its state");
}

$app->finish;
done_testing;
