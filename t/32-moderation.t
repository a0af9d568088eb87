#!/usr/bin/perl
# The community's care: reports, taking down and bringing back, the block list,
# who may remove what; tags and their administration; the feed in pages while
# it grows; and what is in the activity log.

use strict;
use warnings;
use File::Temp ();
use JSON::PP ();
use T::App;
use T::Nginx;
use T::Pictures;
use T::Site;
use Test::More;
use utf8;

binmode Test::More->builder->$_, ':utf8'
    for qw(output failure_output todo_output);
T::Pictures->need;
my $app = T::App->new(worker => 0, long_workers => 3);
my ($ann, $ann_is) = $app->signed_in('ann');
my ($bob, $bob_is) = $app->signed_in('bob');
my ($eve) = $app->signed_in('eve');
my ($mod) = $app->signed_in('mod');
$app->admin_ok('user', 'role', 'mod', 'moderator');
my $web = T::Nginx->new($app);
my $guest = $web->client;
my $db = $app->db;
my $photo = T::Pictures->content('IMG_1054.JPG');
my $rose = T::Pictures->content('yellow_rose.lossy.webp');
my %yes = (shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
    tags => ['nature']);

sub upload {
    my ($client, $name, $body) = @_;
    my $r = $client->post('/api/user/media', multipart => [ file => {
        filename => $name, body => $body } ]);
    die $r->status . $r->body if $r->status != 201;
    return $r->json->{files}[0]{id};
}
sub share {
    my ($client, $id, %o) = @_;
    return $client->post("/api/media/$id/share", json => { %yes, %o });
}
sub published {
    my ($client, $id, %o) = @_;
    my $r = share($client, $id, %o);
    die $r->status . $r->body if $r->status != 200;
    return $r->json;
}
sub report {
    my ($client, $id, $reason) = @_;
    return $client->post("/api/community/media/$id/report",
        json => { reason => $reason });
}
sub path_of { return $_[0] =~ s{^http://localhost}{}r }
sub feed_ids {
    my ($query) = @_;
    return map { $_->{id} } @{ $guest->get('/api/community/media'
        . ($query // ''))->json->{items} };
}
sub objects { return scalar(() = $app->objects($_[0])) }

my $first = upload($ann, 'first.jpg', $photo);
my $shared = published($ann, $first);
my $id = $shared->{communityMediaId};
my $url = path_of($shared->{publicUrl});
my $thumb = path_of($guest->get('/api/community/media')
    ->json->{items}[0]{thumbnailUrl});
is($guest->get($url)->status, 200, 'a picture is in the community');

# ---- reports
my $why = "It shows my house.\nAnd me: “das bin ich” \x{1f600}";
is(report($bob, $id, $why)->status, 204, 'it is reported');
is(report($eve, $id, 'spam')->status, 204, 'by another too');
is(report($eve, $id, 'spam, really')->status, 204, 'and the reason can be changed');
my $key = $app->client->always('X-API-KEY', $app->key('bob', 'community'));
is(report($key, $id, $why)->status, 204, 'and by a key of that scope');
for my $case ([ 401, 'nobody', $app->client, $id, 'x' ],
    [ 403, 'a key of another scope', $app->client->always('X-API-KEY',
        $app->key('bob', 'media:read')), $id, 'x' ],
    [ 404, 'one that is not there', $bob, 999999, 'x' ],
    [ 400, 'no number', $bob, 'abc', 'x' ],
    [ 400, 'an empty reason', $bob, $id, '' ],
    [ 400, 'no reason', $bob, $id, undef ],
    [ 400, 'a number as reason', $bob, $id, 5 ],
    [ 400, 'control characters', $bob, $id, "a\x1fb" ],
    [ 400, 'too long a reason', $bob, $id, 'é' x 1001 ]) {
    my ($status, $name, @o) = @$case;
    is(report(@o)->status, $status, "not reported: $name");
}
is(report($eve, $id, 'é' x 1000)->status, 204, 'a long reason');
is($db->value('SELECT COUNT(*) FROM community_reports'), 2,
    'one report of each');

for my $case ([ 401, 'nobody', $app->client ], [ 403, 'a user', $bob ],
    [ 403, 'its sharer', $ann ], [ 403, "a moderator's key",
        $app->client->always('X-API-KEY', $app->key('mod')) ]) {
    my ($status, $name, $client) = @$case;
    is($client->get('/api/community/reports')->status, $status,
        "the list is not for $name");
    is($client->post("/api/community/media/$id/takedown", json => {})->status,
        $status, "nor the take-down for $name");
    is($client->post("/api/community/media/$id/restore")->status, $status,
        "nor the restoring for $name");
}
my $reports = $mod->get('/api/community/reports')->json->{items};
is(scalar @$reports, 1, 'the moderator sees it');
is($reports->[0]{id}, $id, 'by its number');
is($reports->[0]{reports}, 2, 'with the number of reports');
is_deeply([ sort @{ $reports->[0]{reasons} } ], [ sort $why, 'é' x 1000 ],
    'and all of their reasons');
is($reports->[0]{url}, $shared->{publicUrl}, 'and its URL');
is($guest->get($url)->status, 200, 'a report by itself takes nothing down');

# ---- taken down
sub take_down {
    my ($id, @body) = @_;
    return $mod->post("/api/community/media/$id/takedown", @body);
}
is(take_down('abc', json => {})->status, 400, 'no number');
is(take_down(999999, json => {})->status, 404, 'not there');
is(take_down($id, json => { block => 'yes' })->status, 400, 'no yes or no');
is($guest->get($url)->status, 200, 'nothing has happened yet');
is(take_down($id)->status, 204, 'it is taken down');
is($guest->get($url)->status, 404, 'its URL stops working at once');
is($guest->get($thumb)->status, 404, 'and that of its thumbnail');
is_deeply([ feed_ids() ], [], 'the feed has it no more');
is_deeply([ feed_ids('?tag=nature') ], [], 'nor by its tag');
is(objects('general'), 0, 'no object is left where all can see it');
is(objects('hidden'), 2, 'they are kept aside');
is($guest->get($url =~ s{general}{hidden}r)->status, 404,
    'where nobody gets them');
is($guest->get($url =~ s{general}{general/../hidden}r)->status, 400,
    'by no way round');
is($guest->get('/shared/media/' . $shared->{shareCode}, headers => {
    Accept => 'application/json' })->status, 200, 'the link is its own affair');
$reports = $mod->get('/api/community/reports')->json->{items};
ok($reports->[0]{hidden}, 'the list says so');
is($reports->[0]{url}, undef, 'and shows no address');
is(take_down($id)->status, 204, 'a repeat changes nothing');
is($db->value('SELECT COUNT(*) FROM blocked_hashes'), 1,
    'the picture is blocked, once');
is(report($bob, $id, 'again')->status, 404, 'its reports are gone');

# ---- the block list
sub refused {
    my ($name, $r) = @_;
    is($r->status, 403, "refused: $name") or diag($r->body);
    like($r->json->{message}, qr/moderator/, "refused: $name: and says why");
}
refused('the same again', share($ann, $first));
my $second = upload($bob, 'my own.png', $photo);
refused('the same bytes by another account and name', share($bob, $second));
refused('the same bytes by another way', $bob->post(
    '/api/user/media/share', json => { %yes,
        filePath => "users/$bob_is->{id}/Uploads/my own.png" }));
is(objects('general'), 0, 'nothing of it is published');
is(objects('tmp'), 0, 'nor left over');
is($db->value("SELECT COUNT(*) FROM community_media WHERE state <> 'hidden'"),
    0, 'no record is made');
is(share($bob, $second, shareToCommunity => JSON::PP::false)->status, 200,
    'a link is no business of the community');
is(published($bob, upload($bob, 'rose.webp', $rose))->{communityMediaId} > $id,
    1, 'another picture is shared');

# Scaled and compressed again, by another program.
sub converted {
    my ($suffix, @how) = @_;
    my $out = File::Temp->new(SUFFIX => ".$suffix");
    system('/usr/bin/convert', T::Pictures->path('IMG_1054.JPG'), @how,
        "$out") == 0 or die 'convert';
    return T::Site::slurp("$out");
}
my %copies = (
    'compressed anew' => [ 'jpg', '-quality', 60 ],
    'half the size' => [ 'jpg', '-resize', '50%' ],
    'a PNG of a third' => [ 'png', '-resize', '33%' ],
    'a little brighter' => [ 'jpg', '-modulate', 104 ],
);
for my $name (sort keys %copies) {
    my ($suffix, @how) = @{ $copies{$name} };
    refused($name, share($bob, upload($bob, "copy.$suffix",
        converted($suffix, @how))));
}

# ---- back again
is($mod->post('/api/community/media/abc/restore')->status, 400, 'no number');
is($mod->post('/api/community/media/999999/restore')->status, 404,
    'not there');
is($mod->post("/api/community/media/$id/restore")->status, 204,
    'it is restored');
is($guest->get($url)->status, 200, 'under its address');
is($guest->get($thumb)->status, 200, 'with its thumbnail');
is((feed_ids())[-1], $id, 'in the feed, in its place');
is(objects('hidden'), 0, 'nothing is kept aside');
is_deeply($mod->get('/api/community/reports')->json->{items}, [],
    'its reports are deleted');
is($mod->post("/api/community/media/$id/restore")->status, 409,
    'only taken down records can be restored');
my $copy = published($bob, $second)->{communityMediaId};
ok($copy, 'its bytes may be shared again');

# ---- taken down without a block; the sharer stops sharing
is(take_down($copy, json => { block => JSON::PP::false })->status, 204,
    'down, without a block');
is($db->value('SELECT COUNT(*) FROM blocked_hashes'), 0, 'nothing is blocked');
is(share($bob, $second)->status, 403, 'yet it does not come back by a share');
is($eve->delete("/api/community/media/$copy")->status, 404,
    'a stranger removes nothing');
is($app->client->delete("/api/community/media/$copy")->status, 401,
    'nor does an anonymous visitor');
is($app->client->always('X-API-KEY', $app->key('mod', 'community'))
    ->delete("/api/community/media/$copy")->status, 404,
    "nor a moderator's key");
is($bob->delete("/api/community/media/$copy")->status, 204,
    'its sharer removes it');
is(objects('hidden'), 0, 'from where it was kept, too');
is($bob->delete("/api/community/media/$copy")->status, 404, 'once');

# A block outlives the record that it was made for.
is(take_down($id)->status, 204, 'down, with a block');
is($ann->delete("/api/media/$first/share")->status, 204,
    'its sharer stops all sharing');
is($db->value("SELECT COUNT(*) FROM community_media WHERE id = $id"), 0,
    'the record is gone');
refused('shared anew all the same', share($ann, $first));
refused('and by another', share($bob, $second));
$db->run_sql($db->name, 'DELETE FROM blocked_hashes');

# ---- removed by a moderator
my $third = published($ann, $first);
is($mod->delete("/api/community/media/$third->{communityMediaId}")->status,
    204, 'a moderator removes one for good');
is($guest->get(path_of($third->{publicUrl}))->status, 404, 'its object too');
is($ann->get("/api/user/media/$first")->json->{shareToCommunity} ? 1 : 0, 0,
    'its owner sees that it is not shared');
is($ann->get("/api/user/media/$first")->status, 200, 'the original stays');
is($mod->delete('/api/community/media/abc')->status, 400, 'no number');
my $key_of_ann = $app->client->always('X-API-KEY',
    $app->key('ann', 'community', 'shares'));
my $fourth = published($ann, $first)->{communityMediaId};
is($key_of_ann->delete("/api/community/media/$fourth")->status, 204,
    "the sharer's key does for the sharer");

# ---- the activity log
my @activity = map { [ $_->[0], $_->[1],
    JSON::PP->new->decode($_->[2]) ] } $db->rows('SELECT action, feature,'
    . " details FROM activity WHERE user_id = $ann_is->{id} ORDER BY id");
is($activity[0][0], 'media_shared', 'a share is logged');
is($activity[0][1], 'media_gallery', 'as one of the gallery');
is_deeply($activity[0][2], { mediaId => $first,
    shareCode => $shared->{shareCode},
    sharedToCommunity => JSON::PP::true }, 'with its details');
is(scalar(grep { $_->[0] eq 'media_unshared' } @activity), 1,
    'so is one that was revoked');
is_deeply((grep { $_->[0] eq 'media_unshared' } @activity)[0][2], {
    mediaId => $first, shareCode => $shared->{shareCode},
    sharedToCommunity => JSON::PP::false }, 'with its details');
my $before = $db->value('SELECT COUNT(*) FROM activity');
share($ann, $first, tags => ['no-such-tag']);
share($eve, $first);
is($db->value('SELECT COUNT(*) FROM activity'), $before,
    'refusals are not logged');

# ---- tags
sub slugs { return map { $_->{slug} } @{ $guest->get('/api/tags')->json } }
sub fails {
    my ($name, $words, @arguments) = @_;
    my ($status, $out, $err) = $app->admin('tag', @arguments);
    is($status, 1, "tag $name: refused");
    like($err, $words, "tag $name: and says why");
}
$db->run_sql($db->name, 'DELETE FROM community_media');
$app->admin_ok('tag', 'add', 'street-art', 'Straßenkunst & mehr');
my ($made) = grep { $_->{slug} eq 'street-art' }
    @{ $guest->get('/api/tags')->json };
is($made->{name}, 'Straßenkunst & mehr', 'a new tag is there at once');
my $list = JSON::PP->new->utf8->decode($app->admin_ok('tag', 'list',
    '--json'));
is_deeply([ sort map { $_->{slug} } @$list ], [ sort +slugs() ],
    'the same tags for scripts');
like($app->admin_ok('tag', 'list'), qr/^street-art\s/m, 'and for people');
fails('twice', qr/already/, 'add', 'street-art', 'Again');
fails('in capitals', qr/slug/i, 'add', 'Street', 'x');
fails('with a blank', qr/slug/i, 'add', 'street art', 'x');
fails('with a comma', qr/slug/i, 'add', 'street,art', 'x');
fails('empty', qr/slug/i, 'add', '', 'x');
fails('too long', qr/slug/i, 'add', 'a' x 65, 'x');
fails('without a name', qr/name/i, 'add', 'nameless', '');
fails('with a line in its name', qr/name/i, 'add', 'lines', "a\nb");
fails('unknown, renamed', qr/No tag/, 'rename', 'unknown', 'known');
fails('renamed to one that is there', qr/already/, 'rename', 'street-art',
    'art');
fails('unknown, merged', qr/No tag/, 'merge', 'unknown', 'art');
fails('merged into an unknown one', qr/No tag/, 'merge', 'art', 'unknown');
fails('merged into itself', qr/itself/, 'merge', 'art', 'art');

my $both = published($ann, $first, tags => [qw(street-art art city)])
    ->{communityMediaId};
my $one = published($bob, $second, tags => ['street-art'])
    ->{communityMediaId};
$app->admin_ok('tag', 'rename', 'street-art', 'murals', 'Murals');
is_deeply([ feed_ids('?tag=murals') ], [ $one, $both ],
    'a renamed tag keeps its pictures');
is($guest->get('/api/community/media?tag=street-art')->status, 400,
    'its old name is unknown');
is(share($ann, $first, tags => ['street-art'])->status, 400,
    'for sharing neither');
$app->admin_ok('tag', 'merge', 'murals', 'art');
ok(!(grep { $_ eq 'murals' } slugs()), 'a merged tag is gone');
is_deeply([ feed_ids('?tag=art') ], [ $one, $both ],
    'its pictures are where it went');
is_deeply([ map { join ' ', sort @{ $_->{tags} } }
    @{ $guest->get('/api/community/media')->json->{items} } ],
    [ 'art', 'art city' ], 'each with the tag once');

# ---- the feed in pages, while new ones come
$ann->delete("/api/media/$first/share");
$bob->delete("/api/media/$second/share");
my $gif = "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D"
    . "\1\0;";
$app->drop($ann_is, 'Captions', sprintf('%03d.gif', $_), content => $gif)
    for 1 .. 75;
my @many = map { $_->{id} } reverse $app->files($ann,
    '?category=smart-caption');
is(scalar @many, 75, 'many pictures');
# A third of them by another tag alone.
my %of_tag;
for my $part ([ 'sea', @many[0 .. 43] ], [ 'sky', @many[44 .. 64] ]) {
    my ($tag, @ids) = @$part;
    my $r = $ann->post('/api/user/media/bulk', timeout => 300, json => {
        action => 'share', ids => \@ids,
        shareToCommunity => JSON::PP::true, tags => [ $tag, 'travel' ] });
    my @ok = grep { $_->{ok} } @{ $r->json->{results} };
    is(scalar @ok, scalar @ids, "shared with the tag $tag") or diag($r->body);
    $of_tag{$tag} = [ map { $_->{communityMediaId} } @ok ];
}
sub in_pages {
    my ($query, $limit, @new) = @_;
    my ($cursor, @seen, $pages) = ('');
    for ($pages = 0; $pages < 40; $pages++) {
        my $page = $guest->get("/api/community/media?limit=$limit$query"
            . $cursor)->json;
        push @seen, map { $_->{id} } @{ $page->{items} };
        last if !defined $page->{nextCursor};
        $cursor = '&cursor=' . T::Client::escape($page->{nextCursor});
        my $new = shift @new;
        published($ann, $new, tags => [qw(sea travel)]) if defined $new;
    }
    return @seen;
}
my @all = sort { $b <=> $a } map { @$_ } values %of_tag;
is_deeply([ in_pages('', 10, @many[65 .. 69]) ], \@all,
    'sixty-five in pages of ten, while new ones come: no duplicates, none missing');
my @sea = sort { $b <=> $a } @{ $of_tag{sea} };
my @more = in_pages('&tag=sea', 7, @many[70 .. 74]);
is(scalar @more, 49, 'by a tag, with the five that came before');
is_deeply([ @more[5 .. 48] ], \@sea, 'in the same order');
is_deeply([ in_pages('&tag=sky', 4) ],
    [ sort { $b <=> $a } @{ $of_tag{sky} } ], 'by another tag');
is(scalar(my @whole = in_pages('&tag=travel', 100)), 75,
    'by one that all have');
is(scalar(() = feed_ids('?tag=sky&limit=21')), 21, 'a page that just fits');
is($guest->get('/api/community/media?tag=sky&limit=21')->json->{nextCursor},
    undef, 'is the last one');
for my $query ('tag=none', 'limit=0', 'limit=101', 'limit=-1', 'limit=x',
    'cursor=x', 'cursor=-1', 'cursor=1.5', 'cursor=99999999999999999999',
    'tag=sky%20', 'tag=%00', 'tag=SKY') {
    my $r = $app->client->get("/api/community/media?$query");
    is($r->status, 400, "refused: $query");
}

$web->stop;
$app->finish;
done_testing;
