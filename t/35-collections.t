#!/usr/bin/perl
# Collections, and what a share allows an account: edit, collect, reshare;
# and that those who may only view never get the original file.

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
    $user{$name}{uuid} = $client{$name}->get('/api/auth/me')->json
        ->{user}{uuid};
}
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);
my $missing = '00112233-4455-4677-8899-aabbccddeeff';

sub path { $_[0] =~ s{^http://localhost}{}r }
sub value { $app->db->value($_[0]) }
sub sql { $app->db->run_sql($app->db->name, $_[0]) }
sub may { +{ map { ("can_$_" => $yes) } @_ } }
sub share {
    my ($who, %o) = @_;
    return $client{$who}->post('/api/v1/shares', json => {
        recipient_type => 'public_link', %o });
}
sub shared {
    my $r = share(@_);
    return $r->json if $r->status == 200;
    fail("a share is made: @{[ $r->status, $r->body ]}");
    return {};
}
sub to { (recipient_type => 'user', recipient_username => $_[0]) }
sub media { (target_type => 'media', target_id => $_[0]{uuid}) }
sub of { (target_type => 'collection', target_id => $_[0]{id}) }
sub collection {
    my ($who, @media) = @_;
    my $k = $client{$who}->post('/api/v1/collections', json => {
        name => "of $who" })->json;
    for my $m (@media) {
        is(put_in($who, $k, $m)->status, 204, "$m->{name} is added");
    }
    return $k;
}
sub put_in { $client{ $_[0] }->put("/api/v1/collections/$_[1]{id}/media/"
    . $_[2]{uuid}) }
sub take { $client{ $_[0] }->delete("/api/v1/collections/$_[1]{id}/media/"
    . $_[2]{uuid}) }
sub look { $client{ $_[0] }->get("/api/v1/collections/$_[1]{id}") }
sub names {
    my ($r) = @_;
    return $r->status if $r->status != 200;
    return join ' ', map { $_->{name} } @{ $r->json->{items} };
}
sub guest { $app->client->get("/api/v1/shared/$_[0]{public_token}") }
sub end { $client{ $_[0] }->delete("/api/v1/shares/$_[1]{id}")->status }

my %file;
$file{$_} = $client{ann}->uploaded("$_.jpg", 'IMG_1054.JPG')
    for qw(sea hill town wood);
$file{bob} = $client{bob}->uploaded('bob.jpg', 'IMG_1054.JPG');
$file{carol} = $client{carol}->uploaded('carol.jpg', 'IMG_1054.JPG');

# ---- the user's own collection
my $r = $client{ann}->post('/api/collections', json => { name => 'Walks',
    description => 'of one summer' });
is($r->status, 200, 'made') or diag($r->body);
my $walks = $r->json;
is_deeply([ sort keys %$walks ], [ sort qw(id name description owner_id
    item_count created_at updated_at) ], 'its fields');
is($walks->{owner_id}, $user{ann}{uuid}, 'its owner');
is($walks->{item_count}, 0, 'empty');
is(names(look(ann => $walks)), '', 'without media');
is(put_in(ann => $walks, $file{$_})->status, 204, "$_ is added")
    for qw(sea hill sea);
is(look(ann => $walks)->json->{item_count}, 2, 'two are in');
is(names(look(ann => $walks)), 'hill.jpg sea.jpg', 'the newest first');
my $base = "/api/v1/collections/$walks->{id}";
is(names($client{ann}->get("$base?limit=1")), 'hill.jpg', 'one by one');
my $next = $client{ann}->get("$base?limit=1")->json->{next_cursor};
is(names($client{ann}->get("$base?limit=1&cursor=$next")), 'sea.jpg',
    'to the end');
is($client{ann}->get("$base?limit=1&cursor=$next")->json->{next_cursor},
    undef, 'its description');
is($client{ann}->patch($base, json => { name => 'Rides' })->json->{name},
    'Rides', 'a new name');
is($client{ann}->patch($base, json => { description => undef })->json
    ->{description}, undef, 'no description');
is($client{ann}->patch($base, json => {})->json->{name}, 'Rides',
    'nothing changed');
is(take(ann => $walks, $file{sea})->status, 204, 'taken out');
is(take(ann => $walks, $file{sea})->status, 404, 'once');
is(scalar @{ $client{ann}->get('/api/v1/collections')->json }, 1, 'listed');
is(scalar @{ $client{bob}->get('/api/v1/collections')->json }, 0,
    'to its owner only');
for my $who (qw(bob carol)) {
    is(look($who => $walks)->status, 404, "$who does not see it");
    is($client{$who}->patch($base, json => { name => 'x' })->status, 404,
        "$who does not change it");
    is($client{$who}->delete($base)->status, 404, "$who does not delete it");
    is(put_in($who => $walks, $file{$who})->status, 404,
        "$who cannot add to it");
    is(take($who => $walks, $file{hill})->status, 404,
        "$who cannot remove from it");
    is(share($who => of($walks))->status, 404, "$who does not share it");
}
my $before = look(ann => $walks)->json;
for my $case ([ name => undef ], [ name => '' ], [ name => 5 ],
    [ name => 'n' x 300 ], [ name => "a\nb" ], [ name => [] ],
    [ description => 5 ], [ description => 'd' x 50_000 ]) {
    my ($field, $value) = @$case;
    for my $call ([ PATCH => $base ], [ POST => '/api/v1/collections' ]) {
        $r = $client{ann}->request(@$call, json => { name => 'x',
            $field => $value });
        is($r->status, 400, "$call->[0]: a wrong $field");
        is($r->json->{field}, $field, "$call->[0]: the error names it");
    }
}
is($client{ann}->post('/api/v1/collections', json => {})->status, 400,
    'no name');
for my $id ('x', "$missing'", '%27', '1') {
    is($client{ann}->get("/api/v1/collections/$id")->status, 400,
        "no collection: $id");
    is($client{ann}->put("$base/media/$id")->status, 400, "no media: $id");
    is($client{ann}->delete("$base/media/$id")->status, 400,
        "no media: $id");
}
is($client{ann}->get("/api/v1/collections/$missing")->status, 404,
    'an unknown collection');
is($client{ann}->put("$base/media/$missing")->status, 404,
    'an unknown media');
is($client{ann}->get("$base?$_")->status, 400, "?$_")
    for 'limit=0', 'limit=501', 'cursor=x', 'cursor=-1', 'cursor=0';
is(put_in(ann => $walks, $file{bob})->status, 404, "nor another's media");
is_deeply(look(ann => $walks)->json->{item_count}, $before->{item_count},
    'nothing was changed');

# ---- a share shows the current media
my $link = shared(ann => of($walks));
is(names(guest($link)), 'hill.jpg', 'a link shows its media');
put_in(ann => $walks, $file{town});
is(names(guest($link)), 'town.jpg hill.jpg', 'and added ones');
my %town = map { $_->{name} => $_ } @{ guest($link)->json->{items} };
my @urls = map { path($_) } grep { defined }
    @{ $town{'town.jpg'} }{qw(url thumbnail_url)};
is($app->client->get($_)->status, 200, 'by its address') for @urls;
take(ann => $walks, $file{town});
is(names(guest($link)), 'hill.jpg', 'not removed ones');
is($app->client->get($_)->status, 404, 'by no address') for @urls;
like($app->client->get("/s/$link->{public_token}")->body, qr/Rides/,
    'its page has its name');

# A reshare of its media ends when they are removed from it.
my $with_bob = shared(ann => of($walks), to('bob'),
    permissions => may(qw(download reshare)));
my $passed = shared(bob => media($file{hill}));
is(names(guest($passed)), 'hill.jpg', 'a reshare of one shows only that one');
my $set = shared(bob => target_type => 'set',
    target_ids => [ $file{hill}{uuid} ]);
my $all = shared(bob => of($walks));
@urls = map { path($_->{url}) } map { @{ guest($_)->json->{items} } }
    $passed, $set, $all;
put_in(ann => $walks, $file{wood});
is(names(guest($all)), 'wood.jpg hill.jpg', 'a reshare of all');
is($app->client->get($_)->status, 200, 'by their addresses') for @urls;
take(ann => $walks, $file{hill});
is(guest($_)->status, 404, 'it has left: dead') for $passed, $set;
is(names(guest($all)), 'wood.jpg', 'one is removed: the rest stays');
is($app->client->get($_)->status, 404, 'one is removed: no URL')
    for @urls;
is($app->client->get("/s/$passed->{public_token}/preview")->status, 404,
    'one is removed: no preview');
is(share(bob => media($file{hill}))->status, 404,
    'one is removed: not reshared');
is($client{bob}->get("/api/user/media/$file{hill}{id}")->status, 404,
    'one is removed: not visible');
is(share(bob => target_type => 'set', target_ids => [ $file{wood}{uuid},
    $file{bob}{uuid} ])->status, 403, "not together with bob's own");

# ---- deleting it ends its shares
is($client{ann}->delete($base)->status, 204, 'deleted');
is($client{ann}->delete($base)->status, 404, 'once');
is(look(ann => $walks)->status, 404, 'gone');
is(guest($_)->status, 404, 'and its links') for $link, $all;
is($client{bob}->get("/api/v1/shares/$with_bob->{id}/items")->status, 404,
    'and its share');
is($client{ann}->get("/api/v1/shares/$link->{id}")->json->{status},
    'revoked', 'which its owner reads');
is(value('SELECT COUNT(*) FROM collection_items'), 0, 'it has no media');
is($client{ann}->get("/api/user/media/$file{wood}{id}")->status, 200,
    'the media stay');

# ---- editing a media
my $edit = shared(ann => media($file{sea}), to('bob'),
    permissions => may('edit'));
my $seen = shared(ann => media($file{hill}), to('bob'));
my $one = "/api/user/media/$file{sea}{id}";
$r = $client{bob}->patch($one, json => { title => 'The sea',
    caption => 'by bob', name => 'x', category => 'upload', userId => 1 });
is($r->status, 200, 'bob edits it') or diag($r->body);
my $mine = $client{ann}->get($one)->json;
is("$mine->{title}: $mine->{caption}", 'The sea: by bob', 'as ann sees');
is($mine->{originalName}, 'sea.jpg', 'only title and caption change');
is($client{bob}->patch("/api/user/media/$file{hill}{id}", json => {
    title => 'x' })->status, 403, 'not what bob may only view');
is($client{carol}->patch($one, json => { title => 'x' })->status, 404,
    'carol does not');
is($client{bob}->delete($one)->status, 404, 'bob cannot delete it');
is($client{bob}->post("$one/restore")->status, 404, 'nor restore');
is($client{bob}->post("/api/media/$file{sea}{id}/share", json => {})
    ->status, 404, 'nor create a share code');
is($client{bob}->post('/api/user/media/bulk', json => { action => 'delete',
    ids => [ $file{sea}{id} ] })->json->{results}[0]{status} // 404, 404,
    'nor in bulk');
is($client{ann}->get($one)->status, 200, 'it is there');
is(end(ann => $edit), 204, 'revoked');
is($client{bob}->patch($one, json => { title => 'x' })->status, 404,
    'bob can no longer edit');
is($client{ann}->get($one)->json->{title}, 'The sea', 'as it was');
end(ann => $seen);

# ---- editing a collection
my $k = collection(ann => $file{sea}, $file{hill});
my $look = shared(ann => of($k), to('bob'));
is(names(look(bob => $k)), 'hill.jpg The sea', 'bob views it');
is(put_in(bob => $k, $file{bob})->status, 403, 'bob may only view');
is(take(bob => $k, $file{sea})->status, 403, 'and not remove');
end(ann => $look);
$edit = shared(ann => of($k), to('bob'), permissions => may('edit'));
is(put_in(bob => $k, $file{bob})->status, 204, "with can_edit: bob's own");
is(put_in(bob => $k, $file{town})->status, 404,
    'not an unknown media');
is(put_in(bob => $k, $file{carol})->status, 404, "nor carol's");
$seen = shared(ann => media($file{town}), to('bob'));
is(put_in(bob => $k, $file{town})->status, 403, 'nor what bob may only view');
my $carols = shared(carol => media($file{carol}), to('bob'),
    permissions => may(qw(download edit reshare)));
is(put_in(bob => $k, $file{carol})->status, 403,
    "nor carol's that bob may reshare");
my $passing = shared(ann => media($file{town}), to('bob'),
    permissions => may(qw(reshare)));
is(put_in(bob => $k, $file{town})->status, 403,
    'nor what bob may reshare: it would outlive the share');
end(ann => $_) for $passing, $seen;
is(take(bob => $k, $file{hill})->status, 204, 'bob removes a media');
is($client{bob}->patch("/api/v1/collections/$k->{id}", json => {
    name => 'x' })->status, 403, 'bob cannot rename it');
is($client{bob}->delete("/api/v1/collections/$k->{id}")->status, 403,
    'nor delete it');
is(share(bob => of($k))->status, 403, 'nor reshare it');
is($client{bob}->patch($one, json => { caption => 'through it' })->status,
    200, 'bob may edit its media');

# Ann may view and show what bob added, but not change it.
my ($contributed) = grep { $_->{id} eq $file{bob}{uuid} }
    @{ look(ann => $k)->json->{items} };
ok($contributed, 'ann sees what bob added');
is($client{ann}->get(path($contributed->{$_}))->status, 200, "by its $_")
    for qw(url thumbnail_url download_url);
$link = shared(ann => of($k));
like(names(guest($link)), qr/bob\.jpg/, 'her link shows it');
is($client{ann}->patch("/api/user/media/$file{bob}{id}", json => {
    title => 'x' })->status, 404, 'ann cannot edit it');
is($client{ann}->delete("/api/user/media/$file{bob}{id}")->status, 404,
    'nor delete it');
is(share(ann => media($file{bob}))->status, 404, 'nor share it by itself');
my $helper = shared(ann => of($k), to('carol'),
    permissions => may(qw(edit reshare)));
is($client{carol}->get("/api/user/media/$file{bob}{id}")->status, 200,
    'a recipient with can_edit sees it');
is($client{carol}->patch("/api/user/media/$file{bob}{id}", json => {
    title => 'x' })->status, 403, 'and cannot edit it either');
is(share(carol => media($file{bob}), permissions => may('edit'))->status, 403,
    'nor reshare it');
is($client{carol}->patch($one, json => { caption => 'by carol' })->status,
    200, "but ann's");
$app->admin_ok('user', 'disable', 'bob');
is($client{carol}->get("/api/user/media/$file{bob}{id}")->status, 404,
    "nobody sees what is a disabled account's");
is(share(carol => media($file{bob}))->status, 404, 'nor reshares it');
$app->admin_ok('user', 'enable', 'bob');
$client{bob}->login('bob', $user{bob}{password});
end(ann => $helper);
is(end(ann => $edit), 204, "bob's share ends");
is(take(bob => $k, $file{sea})->status, 404, 'bob can no longer remove media');
is(take(carol => $k, $file{bob})->status, 404, 'nor does carol');
is(take(bob => $k, $file{bob})->status, 204, "except bob's own");
unlike(names(guest($link)), qr/bob\.jpg/, 'which is gone from the link');
is($client{ann}->get(path($contributed->{url}))->status, 404,
    'and from ann');
put_in(ann => $k, $file{wood});
is(take(ann => $k, $file{wood})->status, 204, 'ann may remove any media');

# ---- signed URLs expire with the counted visit
my $brief = collection(ann => $file{sea});
my $once = shared(ann => of($brief), to('bob'), max_uses => 1);
my %to_see = (page => "/collections/$brief->{id}",
    json => "/api/v1/collections/$brief->{id}",
    items => "/api/v1/shares/$once->{id}/items");
is($client{bob}->get($to_see{page})->status, 200, 'counted');
sql('UPDATE share_recipients SET visited_until = NOW(3) + INTERVAL 60 SECOND'
    . ' WHERE visited_until IS NOT NULL');
for my $how (sort keys %to_see) {
    my @ends = $client{bob}->get($to_see{$how})->body =~ /[?]e=(\d+)/g;
    ok(@ends, "$how: addresses");
    is((grep { $_ > time + 60 } @ends), 0, "$how: which end with it");
}
end(ann => $once);

# ---- view only
my @pictures = (
    [ 'gps.jpg', 'IMG_20200827_231612.jpg' ],
    [ 'turned.jpg', 'IMG_20200124_231153.jpg' ],
    [ 'cat.png', 'chelsea.png' ], [ 'rose.webp', 'yellow_rose.lossy.webp' ],
    [ 'cradle.gif', 'newtonscradle.gif' ]);
my $secret = collection('ann');
for (@pictures) {
    my ($name, $picture) = @$_;
    my $bytes = T::Pictures->content($picture);
    my $f = $client{ann}->uploaded($name, $picture);
    put_in(ann => $secret, $f);
    my $to_bob = shared(ann => media($f), to('bob'));
    my $link = shared(ann => media($f));
    my $page = $app->client->get("/s/$link->{public_token}")->body;
    my $set = shared(ann => of($secret));
    my %way = map { $_->{url} => 1, $_->{thumbnail_url} => 1 }
        map { @{ $_->json->{items} } }
        $client{bob}->get("/api/v1/shares/$to_bob->{id}/items"),
        guest($link);
    $way{ $client{bob}->get("/api/user/media/$f->{id}")->json->{url} } = 1;
    $way{ $_ =~ s/&amp;/&/gr } = 1
        for $page =~ m{"(http://localhost/(?:file|view|thumb)/[^"]*)"}g,
        $client{bob}->get("/shares/$to_bob->{id}")->body
            =~ m{"(http://localhost/(?:file|view|thumb)/[^"]*)"}g;
    $way{"http://localhost/s/$link->{public_token}/preview"} = 1;
    $way{"http://localhost/s/$set->{public_token}/preview"} = 1;
    cmp_ok(scalar keys %way, '>=', 5, "$name: ways to see it");
    is(scalar(grep { m{/file/|[?&]d=1} } keys %way), 0,
        "$name: no URL opens the file");
    my $small = 0;
    for my $url (sort map { path($_) } keys %way) {
        my $r = $app->client->get($url);
        is($r->status, 200, "$name: " . substr $url, 0, 60);
        ok($r->body ne $bytes, "$name: which is not the file");
        is_deeply([ grep { /GPS|Serial|Maker|Owner/i }
            keys %{ T::Pictures->metadata($r->body) } ], [],
            "$name: and shows nothing private");
        for my $forged ($url =~ s{^/(view|thumb)/}{/file/}r, "$url&d=1",
            $url =~ s{^/(view|thumb)/}{/file/}r . '&d=1',
            $url =~ s{[?&]s=[^&]*&g=\d+}{}r) {
            next if $forged eq $url || $url =~ /preview/;
            for my $range (undef, 'bytes=0-99') {
                my $r = $app->client->get($forged, headers => $range ?
                    { Range => $range } : {});
                is($r->status, 404, "$name: forged");
            }
            is($app->client->head($forged)->status, 404, "$name: HEAD");
        }
        $small++;
    }
    is(scalar(grep { defined $_->{download_url} } @{ guest($link)->json
        ->{items} }), 0, "$name: no download URL");
    # Old download URLs stop working with the permission.
    my $kept = shared(ann => media($f), permissions => may('download'));
    my ($i) = @{ guest($kept)->json->{items} };
    ok($app->client->get(path($i->{download_url}))->body eq $bytes,
        "$name: with can_download: the file");
    $client{ann}->patch("/api/v1/shares/$kept->{id}", json => {
        permissions => { can_download => $no } });
    is($app->client->get(path($i->{$_}))->status, 404,
        "$name: without it again: not $_") for qw(url download_url);
}

# ---- the visit of an account
my $few = shared(ann => media($file{wood}), to('carol'), max_uses => 1,
    permissions => may('download'));
my $items = "/api/v1/shares/$few->{id}/items";
is($client{carol}->get($items)->status, 200, "carol's visit") for 1 .. 3;
is($client{carol}->get("/shares/$few->{id}")->status, 200, 'with its page');
is($client{carol}->get("/api/user/media/$file{wood}{id}")->status, 200,
    'and the media');
is($client{ann}->get("/api/v1/shares/$few->{id}")->json->{access_count}, 1,
    'is one use');
is($client{ann}->get($items)->status, 200, 'ann views without using one');
my ($uuid) = $few->{id} =~ tr/-//dr;
sql("UPDATE share_recipients SET visited_until = NOW(3) + INTERVAL 60 SECOND"
    . " WHERE share_id = (SELECT id FROM shares WHERE uuid ="
    . " UNHEX('$uuid'))");
for my $url (map({ @$_{qw(url thumbnail_url download_url)} }
    @{ $client{carol}->get($items)->json->{items} }),
    $client{carol}->get("/api/user/media/$file{wood}{id}")->json->{url},
    map { s/&amp;/&/gr } $client{carol}->get("/shares/$few->{id}")->body
        =~ m{"(http://localhost/(?:file|view|thumb)/[^"]*)"}g) {
    my ($e) = $url =~ /[?&]e=(\d+)/;
    cmp_ok($e - time, '<=', 61, 'no URL outlives the visit');
}
sql("UPDATE share_recipients SET visited_until = NOW(3) - INTERVAL 1 SECOND"
    . " WHERE share_id = (SELECT id FROM shares WHERE uuid ="
    . " UNHEX('$uuid'))");
is($client{carol}->get($items)->status, 404, 'which has ended');

$app->finish;
done_testing;
