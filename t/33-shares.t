#!/usr/bin/perl
# Shares of media, sets and collections, with links and with accounts: made,
# read, changed, revoked, listed; what is refused; and that nobody passes on
# more than they have.

use strict;
use warnings;
use utf8;
use Encode ();
use JSON::PP ();
use POSIX ();
use T::App;
use T::Pictures;
use Test::More;

binmode Test::More->builder->$_, ':encoding(UTF-8)'
    for qw(output failure_output todo_output);
T::Pictures->need;
my $app = T::App->new(worker => 0, workers => 4, long_workers => 4);
my (%client, %user);
for my $name (qw(ann bob carol dave)) {
    ($client{$name}, $user{$name}) = $app->signed_in($name);
    $user{$name}{uuid} = $client{$name}->get('/api/auth/me')->json
        ->{user}{uuid};
}
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);
my $missing = '00112233-4455-4677-8899-aabbccddeeff';

sub path { $_[0] =~ s{^http://localhost}{}r }
sub value { $app->db->value($_[0]) }
sub sql { $app->db->run_sql($app->db->name, $_[0]) }
my %file = map { $_ => $client{ann}->uploaded("$_.jpg", 'IMG_1054.JPG') }
    qw(sea hill town);
my $of_bob = $client{bob}->uploaded('bob.jpg', 'IMG_1054.JPG');

sub may {
    my (@what) = @_;
    return { map { ("can_$_" => $yes) } @what };
}
sub make {
    my ($who, %o) = @_;
    return $client{$who}->post('/api/v1/shares', json => {
        target_type => 'media', target_id => $file{sea}{uuid},
        recipient_type => 'public_link', %o });
}
sub made {
    my $r = make(@_);
    return $r->json if $r->status == 200;
    fail("a share is made: @{[ $r->status, $r->body ]}");
    return {};
}
sub to { (recipient_type => 'user', recipient_username => $_[0]) }
sub read_share { $client{ $_[0] }->get("/api/v1/shares/$_[1]{id}") }
sub change {
    my ($who, $share, %o) = @_;
    return $client{$who}->patch("/api/v1/shares/$share->{id}", json => \%o);
}
sub revoke { $client{ $_[0] }->delete("/api/v1/shares/$_[1]{id}") }

# ---- every target, every recipient
my $collection = $client{ann}->post('/api/v1/collections', json => {
    name => 'Walks', description => 'of one summer' });
is($collection->status, 200, 'a collection') or diag($collection->body);
$collection = $collection->json;
for my $name (qw(sea hill)) {
    is($client{ann}->put("/api/v1/collections/$collection->{id}/media/"
        . $file{$name}{uuid})->status, 204, "$name goes into it");
}
my @fields = sort qw(id target_type target_id owner_id recipient_type
    recipient_user_id public_token url permissions note has_password
    expires_at max_uses access_count last_accessed status created_at
    updated_at);
my %target = (media => { target_id => $file{sea}{uuid} },
    set => { target_ids => [ map { $file{$_}{uuid} } qw(town sea) ] },
    collection => { target_id => $collection->{id} });
my %recipient = (link => { recipient_type => 'public_link' },
    uuid => { recipient_type => 'user',
        recipient_user_id => $user{bob}{uuid} },
    name => { recipient_type => 'user', recipient_username => 'bob' });
my %names = (media => 1, set => 2, collection => 2);
for my $type (sort keys %target) {
    for my $how (sort keys %recipient) {
        my $r = $client{ann}->post('/api/shares', json => {
            target_type => $type, %{ $target{$type} },
            %{ $recipient{$how} }, note => 'a note' });
        my $name = "$type by $how";
        is($r->status, 200, "$name: made") or diag($r->body);
        my $s = $r->json;
        is_deeply([ sort keys %$s ], \@fields, "$name: its fields");
        is($s->{target_type}, $type, "$name: its type");
        is($s->{target_id}, $target{$type}{target_id}, "$name: its target");
        is($s->{owner_id}, $user{ann}{uuid}, "$name: its owner");
        is_deeply($s->{permissions}, { can_view => $yes, can_download => $no,
            can_edit => $no, can_reshare => $no }, "$name: view only");
        is_deeply([ @$s{qw(status note has_password max_uses access_count
            expires_at last_accessed)} ], [ 'active', 'a note', $no, undef, 0,
            undef, undef ], "$name: nothing more");
        like($s->{created_at}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
            "$name: its time");
        if ($how eq 'link') {
            like($s->{public_token} // '', qr/^[0-9a-f-]{36}$/,
                "$name: a token");
            isnt($s->{public_token}, $s->{id}, "$name: which its id is not");
            is($s->{url}, "http://localhost/s/$s->{public_token}",
                "$name: an address");
            is($s->{recipient_user_id}, undef, "$name: no recipient");
            is($app->client->get("/api/v1/shared/$s->{id}")->status, 404,
                "$name: the id opens nothing");
        } else {
            is($s->{public_token}, undef, "$name: no token");
            is($s->{recipient_user_id}, $user{bob}{uuid}, "$name: bob");
        }
        is_deeply(read_share(ann => $s)->json, $s, "$name: read again");
        my $bob = read_share(bob => $s);
        is($bob->status, $how eq 'link' ? 403 : 200,
            "$name: bob sees his share");
        is(read_share(carol => $s)->status, 403, "$name: carol does not");
        is($app->client->get("/api/v1/shares/$s->{id}")->status, 401,
            "$name: nobody without signing in");
        my $items = $how eq 'link'
            ? $app->client->get("/api/v1/shared/$s->{public_token}")
            : $client{bob}->get("/api/v1/shares/$s->{id}/items");
        is($items->status, 200, "$name: opened") or diag($items->body);
        is(scalar @{ $items->json->{items} }, $names{$type},
            "$name: with all of it");
        is($items->json->{items}[0]{name}, 'town.jpg', "$name: in its order")
            if $type eq 'set';
        for my $who ('bob', 'carol') {
            is(change($who, $s, note => 'mine')->status, 403,
                "$name: $who changes nothing");
            is(revoke($who, $s)->status, 403, "$name: $who ends nothing");
            is($client{$who}->get("/api/v1/shares/$s->{id}/activity")
                ->status, 403, "$name: $who reads no log");
        }
        is(revoke(ann => $s)->status, 204, "$name: revoked");
        is(read_share(ann => $s)->json->{status}, 'revoked',
            "$name: as its owner reads");
        is(revoke(ann => $s)->status, 404, "$name: once");
        is(change(ann => $s, note => 'late')->status, 404,
            "$name: not changed any more");
        is($how eq 'link'
            ? $app->client->get("/api/v1/shared/$s->{public_token}")->status
            : $client{bob}->get("/api/v1/shares/$s->{id}/items")->status, 404,
            "$name: it opens nothing");
    }
}
for my $call ([ 'GET' ], [ 'DELETE' ], [ PATCH => json => { note => 'x' } ],
    [ GET => '/activity' ], [ GET => '/items' ]) {
    my ($method, @o) = @$call;
    my $under = @o % 2 ? shift @o : '';
    is($client{ann}->request($method, "/api/v1/shares/$missing$under", @o)
        ->status, 404, "$method $under of an unknown one");
    my $status = $client{ann}->request($method, "/api/v1/shares/no-id$under",
        @o)->status;
    like($status, qr/^40[04]$/, "$method $under of none");
}

# ---- changes: named fields change, null removes, the rest stays
my $s = made(ann => note => 'first', max_uses => 7, expires_in_hours => 2,
    password => 'open sesame', permissions => may(qw(download edit)));
ok($s->{has_password}, 'with a password');
unlike(JSON::PP->new->encode($s), qr/sesame|argon|\$/,
    'the password is not shown, nor its hash');
like($s->{expires_at}, qr/Z$/, 'and an end');
my %was = %$s;
for my $case (
    [ { note => 'second' }, note => 'second' ],
    [ { note => undef }, note => undef ],
    [ { max_uses => 9 }, max_uses => 9 ],
    [ { max_uses => undef }, max_uses => undef ],
    [ { expires_at => '2999-01-02T03:04:05.678Z' },
        expires_at => '2999-01-02T03:04:05.678Z' ],
    [ { expires_at => '2999-01-02' },
        expires_at => '2999-01-02T23:59:59.999Z' ],
    [ { expires_at => undef }, expires_at => undef ],
    [ { password => undef }, has_password => $no ],
    [ { password => 'another' }, has_password => $yes ],
    [ { permissions => { can_download => $no } }, permissions => {
        can_view => $yes, can_download => $no, can_edit => $yes,
        can_reshare => $no } ],
    [ { permissions => { can_reshare => $yes } },
        permissions => { can_view => $yes, can_download => $no,
        can_edit => $yes, can_reshare => $yes } ],
    [ {} ],
    [ { id => 1, url => {}, unknown => [ 1 ] } ],
) {
    my ($body, $field, $now) = @$case;
    my $r = $client{ann}->patch("/api/shares/$s->{id}", json => $body);
    my $name = JSON::PP->new->canonical->encode($body);
    is($r->status, 200, "changed: $name") or diag($r->body);
    $was{$field} = $now if $field;
    my $is = $r->json;
    cmp_ok($is->{updated_at}, 'ge', $was{updated_at}, "$name: its time");
    $was{updated_at} = $is->{updated_at};
    is_deeply($is, \%was, "$name: that alone");
}

# ---- what is refused
my %plain = (target_type => 'media', target_id => $file{sea}{uuid},
    recipient_type => 'public_link');
my $rows = value('SELECT COUNT(*) FROM shares');
# Openings are written a moment later.
my $log_of_changes = 'SELECT COUNT(*) FROM share_activity'
    . " WHERE action <> 'accessed'";
my $logged = value($log_of_changes);
sub refused {
    my ($name, $status, $field, $body, %o) = @_;
    my $r = $client{ann}->post('/api/v1/shares', ref $body
        ? (json => $body) : (body => $body, headers => {
            'Content-Type' => 'application/json' }), %o);
    is($r->status, $status, "refused: $name") or diag($r->body);
    my $json = eval { $r->json } // {};
    ok($json->{error}, "refused: $name: with a message");
    is($json->{field}, $field, "refused: $name: the field") if $field;
    unlike($r->body, qr/SQL|mysql|maria|\.c:/i, "refused: $name: no more");
}
sub without { my ($k, %o) = @_; delete $o{$k}; return \%o }
refused('nothing', 400, undef, '');
refused('no object', 400, undef, '[]');
refused('no JSON', 400, undef, '{"target_type": media}');
refused('doubled key', 400, undef, '{"note":"a","note":"b"}');
refused("no $_", 400, $_, without($_, %plain))
    for qw(target_type target_id recipient_type);
for my $case (
    [ target_type => 'folder' ], [ target_type => '' ], [ target_type => 1 ],
    [ target_type => 'Media' ], [ target_type => "media' OR 1=1 -- " ],
    [ target_id => 'x' ], [ target_id => 1 ], [ target_id => '' ],
    [ target_id => "$file{sea}{uuid}' OR '1'='1" ],
    [ target_id => [ $file{sea}{uuid} ] ],
    [ recipient_type => 'group' ], [ recipient_type => undef ],
    [ max_uses => 0 ], [ max_uses => -1 ], [ max_uses => '5' ],
    [ max_uses => JSON::PP->new->allow_bignum->decode('9223372036854775808') ],
    [ max_uses => $yes ], [ max_uses => {} ],
    [ expires_in_hours => 0 ], [ expires_in_hours => -1 ],
    [ expires_in_hours => 'soon' ], [ expires_in_hours => 100_000_000 ],
    [ expires_at => '2001-01-01T00:00:00Z' ], [ expires_at => '2001-01-01' ],
    [ expires_at => 'tomorrow' ], [ expires_at => '' ], [ expires_at => 5 ],
    [ expires_at => '2999-13-01' ], [ expires_at => '2999-02-30T00:00:00Z' ],
    [ expires_at => '99999-01-01' ],
    [ permissions => [] ], [ permissions => 'all' ], [ permissions => 1 ],
    [ 'permissions.can_view' => { can_view => $no } ],
    [ 'permissions.can_download' => { can_download => 'yes' } ],
    [ 'permissions.can_edit' => { can_edit => 1 } ],
    [ 'permissions.can_reshare' => { can_reshare => {} } ],
    [ note => 1 ], [ note => 'n' x 4001 ], [ note => 'n' x 1_000_000 ],
    [ note => "a\x{1}b" ], [ password => '' ], [ password => 'p' x 10_000 ],
    [ password => 5 ], [ password => $yes ],
) {
    my ($field, $value) = @$case;
    my $text = substr JSON::PP->new->canonical->allow_nonref->allow_bignum
        ->convert_blessed->encode(ref $value eq 'Math::BigInt' ? "$value"
        : $value), 0, 40;
    my %body = (%plain, ($field =~ s/\..*//r) => $value);
    my $body = ref $value eq 'Math::BigInt'
        ? JSON::PP->new->canonical->encode(\%plain) =~ s/\}$/,"$field":$value}/r
        : \%body;
    refused("$field $text", 400, $field, $body);
}
my $json = JSON::PP->new->canonical->encode(\%plain) =~ s/\}$//r;
refused('a limit of 1.5', 400, 'max_uses', "$json,\"max_uses\":1.5}");
refused('both ends', 400, 'expires_in_hours', { %plain,
    expires_at => '2999-01-01', expires_in_hours => 5 });
refused('more than the body may be', 413, undef,
    "$json,\"note\":\"" . ('n' x 3_000_000) . '"}');
refused('no JSON by its type', 415, undef, "$json}",
    headers => { 'Content-Type' => 'text/plain' });
for my $case ([ 'empty', [] ], [ 'too many', [ map {
        sprintf '00000000-0000-4000-8000-%012x', $_ } 1 .. 501 ] ],
    [ 'doubled', [ ($file{sea}{uuid}) x 2 ] ],
    [ 'doubled in capitals', [ $file{sea}{uuid}, uc $file{sea}{uuid} ] ],
    [ 'of the wrong type', $file{sea}{uuid} ], [ 'numbers', [ 1, 2 ] ],
    [ 'no UUIDs', ['x'] ], [ 'null', undef ]) {
    refused("target_ids: $case->[0]", 400, 'target_ids',
        { %plain, target_type => 'set', target_ids => $case->[1] });
}
refused('an unknown media', 404, 'target_id', { %plain,
    target_id => $missing });
refused("another's media", 404, undef, { %plain,
    target_id => $of_bob->{uuid} });
refused("another's media in a set", 404, undef, { %plain,
    target_type => 'set',
    target_ids => [ $file{sea}{uuid}, $of_bob->{uuid} ] });
refused('an unknown collection', 404, 'target_id', { %plain,
    target_type => 'collection', target_id => $missing });
refused('a media as a collection', 404, 'target_id', { %plain,
    target_type => 'collection' });
refused('a password for an account', 400, 'password', { %plain, to('bob'),
    password => 'open sesame' });
sql("UPDATE users SET disabled_at = NOW(3) WHERE username = 'dave'");
for my $case ([ 'nobody' ], [ 'ann' ], [ 'dave' ], [ '' ], [ 'bob%' ],
    [ "bob' -- " ], [ 5 ], [ 'b' x 500 ]) {
    refused("to $case->[0]", 400, 'recipient_username', { %plain,
        recipient_type => 'user', recipient_username => $case->[0] });
}
for my $id ($missing, $user{ann}{uuid}, $user{dave}{uuid}, 'x', 1, '') {
    refused("to $id", 400, 'recipient_user_id', { %plain,
        recipient_type => 'user', recipient_user_id => $id });
}
sql("UPDATE users SET disabled_at = NULL WHERE username = 'dave'");
refused('to nobody', 400, 'recipient_user_id', { %plain,
    recipient_type => 'user' });
refused('to bob twice', 400, undef, { %plain, recipient_type => 'user',
    recipient_user_id => $user{bob}{uuid}, recipient_username => 'bob' });
refused('a link to bob', 400, 'recipient_username', { %plain,
    recipient_username => 'bob' });
is(value('SELECT COUNT(*) FROM shares'), $rows, 'nothing was made');
my $as_it_was = read_share(ann => $s)->json;
for my $case ([ max_uses => 0 ], [ note => 'n' x 4001 ], [ password => '' ],
    [ expires_at => '2001-01-01' ], [ expires_at => 'x' ],
    [ 'permissions.can_view' => { can_view => $no } ],
    [ 'permissions.can_edit' => { can_edit => 'x' } ]) {
    my ($field, $value) = @$case;
    my $r = change(ann => $s, note => 'changed', $field =~ s/\..*//r, $value);
    is($r->status, 400, "a change refused: $field");
    is($r->json->{field}, $field, "a change refused: $field: the field");
}
is_deeply(read_share(ann => $s)->json, $as_it_was, 'nothing was changed');
is(value($log_of_changes), $logged,
    'nor is anything logged');
for my $list ('outgoing', 'incoming', "$s->{id}/activity",
    "$s->{id}/items") {
    for my $query ('limit=0', 'limit=-1', 'limit=501', 'limit=x', 'limit=',
        'cursor=x', 'cursor=-1', 'cursor=0', 'cursor=1%27%20OR%201=1',
        'cursor=99999999999999999999', $list =~ /items/ ? () : ('offset=-1',
        'offset=x', 'offset=1.5', 'offset=99999999999999999999')) {
        my $r = $client{ann}->get("/api/v1/shares/$list?$query");
        is($r->status, 400, "$list?$query");
        is($r->json->{field}, $query =~ s/=.*//r, "$list?$query: the field");
    }
}

# ---- many at once: all or nothing
my @mine = map { made(ann => note => "batch $_") } 1 .. 3;
my $bobs = $client{bob}->post('/api/v1/shares', json => {
    %plain, target_id => $of_bob->{uuid} })->json;
sub batch {
    my ($ids) = @_;
    return $client{ann}->post('/api/v1/shares/batch/delete',
        json => { share_ids => $ids });
}
my @ids = map { $_->{id} } @mine;
$logged = value($log_of_changes);
for my $case ([ 403, "another's", [ @ids, $bobs->{id} ] ],
    [ 403, 'an unknown one', [ $missing, @ids ] ],
    [ 403, 'a set that is over', [ @ids, value('SELECT LOWER(CONCAT_WS("-",'
        . ' HEX(SUBSTR(uuid,1,4)), HEX(SUBSTR(uuid,5,2)),'
        . ' HEX(SUBSTR(uuid,7,2)), HEX(SUBSTR(uuid,9,2)),'
        . ' HEX(SUBSTR(uuid,11)))) FROM shares WHERE revoked_at IS NOT NULL'
        . ' LIMIT 1') ] ],
    [ 400, 'none', [] ], [ 400, 'doubles', [ @ids, $ids[0] ] ],
    [ 400, 'no UUID', [ @ids, 'x' ] ], [ 400, 'no list', $ids[0] ],
    [ 400, 'null', undef ], [ 400, 'numbers', [ 1 ] ],
    [ 400, '501', [ map { sprintf '00000000-0000-4000-8000-%012x', $_ }
        1 .. 501 ] ],
    [ 400, '10000', [ map { sprintf '00000000-0000-4000-8000-%012x', $_ }
        1 .. 10_000 ] ]) {
    my ($status, $name, $ids) = @$case;
    my $r = batch($ids);
    is($r->status, $status, "a batch with $name") or diag($r->body);
    is($r->json->{field}, 'share_ids', "a batch with $name: the field");
}
is_deeply([ map { read_share(ann => $_)->json->{status} } @mine ],
    [ ('active') x 3 ], 'nothing was revoked');
is(value($log_of_changes), $logged, 'nor logged');
my $r = batch(\@ids);
is($r->status, 200, 'a batch') or diag($r->body);
is_deeply($r->json, { deleted => 3 }, 'with the number');
is_deeply([ map { read_share(ann => $_)->json->{status} } @mine ],
    [ ('revoked') x 3 ], 'and done');
is(batch(\@ids)->status, 403, 'once');

# ---- nobody reshares more than they have
my @all = qw(download edit reshare);
sub subset { my ($n) = @_; map { $all[$_] } grep { $n & 1 << $_ } 0 .. 2 }
for my $held (0 .. 7) {
    my @held = subset($held);
    my $root = made(ann => to('bob'), permissions => may(@held));
    for my $given (0 .. 7) {
        my @given = subset($given);
        my $r = make(bob => permissions => may(@given));
        my $good = ($held & 4) && !($given & ~$held);
        is($r->status, $good ? 200 : 403,
            "holding view @held, giving view @given");
    }
    revoke(ann => $root);
}
is(make('bob')->status, 404, 'nor what bob does not see');

# A chain: ann's share with bob, bob's with carol, carol's link; dave's is
# another branch of it.
sub chain {
    my (%o) = @_;
    my %c = (root => made(ann => to('bob'),
        permissions => may(qw(download reshare)), %{ $o{root} // {} }));
    $c{middle} = made(bob => to('carol'),
        permissions => may(qw(download reshare)), %{ $o{middle} // {} });
    $c{link} = made(carol => permissions => may('download'),
        %{ $o{link} // {} });
    $c{dave} = made(bob => to('dave'));
    return \%c;
}
sub urls { my ($i) = @_; grep { defined }
    map { path($_ // next) } @$i{qw(url thumbnail_url download_url)} }
# Everything that the link of a chain opens, by name.
sub opened {
    my ($token, @signed) = @_;
    my $guest = $app->client;
    return (json => $guest->get("/api/v1/shared/$token"),
        page => $guest->get("/s/$token"),
        seed => $guest->get("/shared/media/$token"),
        map({ my $n = 0; ("signed $_" => $guest->get($_)) } @signed),
        preview => $guest->get("/s/$token/preview"),
        'HEAD page' => $guest->head("/s/$token"),
        'HEAD json' => $guest->head("/api/v1/shared/$token"));
}
sub dies {
    my ($name, $c, $end, %o) = @_;
    my $token = $c->{link}{public_token};
    my %before = opened($token);
    my @signed = urls($before{json}->json->{items}[0]);
    is(scalar @signed, 3, "$name: three addresses");
    my %open = opened($token, @signed);
    is_deeply([ map { "$_ " . $open{$_}->status } sort keys %open ],
        [ map { "$_ 200" } sort keys %open ], "$name: it is open");
    my @theirs = map { [ $_->[0], "/api/v1/shares/$c->{ $_->[1] }{id}/items" ]
        } [ carol => 'middle' ], [ dave => 'dave' ];
    is($client{ $_->[0] }->get($_->[1])->status, 200, "$name: $_->[0]'s too")
        for @theirs;
    $end->();
    %open = opened($token, @signed);
    is_deeply([ map { "$_ " . $open{$_}->status } sort keys %open ],
        [ map { "$_ 404" } sort keys %open ], "$name: nothing works any more");
    for (@theirs) {
        my $r = $client{ $_->[0] }->get($_->[1]);
        is($o{empty} ? scalar @{ $r->json->{items} } : $r->status,
            $o{empty} ? 0 : 404, "$name: $_->[0]'s too");
    }
    is(make('dave')->status, 404, "$name: and not passed on");
    is(read_share(carol => $c->{link})->json->{status},
        $o{status} // 'revoked', "$name: as carol reads");
    ok(!(grep { $_->{id} eq $c->{middle}{id} }
        @{ $client{carol}->get('/api/v1/shares/incoming')->json }),
        "$name: not among what comes in") if !$o{empty};
    revoke(ann => $c->{root});
}
my $c = chain();
dies('the root revoked', $c, sub {
    is(revoke(ann => $c->{root})->status, 204, 'ann revokes') });
is(value("SELECT COUNT(*) FROM share_activity a JOIN shares s ON s.id ="
    . " a.share_id WHERE a.action = 'revoked' AND s.uuid IN (UNHEX('"
    . join("'), UNHEX('", map { $c->{$_}{id} =~ tr/-//dr } keys %$c)
    . "'))"), 4, 'it is in each log');
$c = chain();
dies('the middle revoked', $c, sub {
    revoke(bob => $c->{middle}); revoke(bob => $c->{dave}) });
$c = chain();
dies('can_reshare taken away', $c, sub { is(change(ann => $c->{root},
    permissions => { can_reshare => $no })->status, 200, 'ann takes it') });
$c = chain();
dies('the root expired', $c, sub { sql('UPDATE shares SET expires_at ='
    . " NOW(3) - INTERVAL 1 SECOND WHERE uuid = UNHEX('"
    . ($c->{root}{id} =~ tr/-//dr) . "')") }, status => 'expired');
for my $who (qw(ann bob)) {
    $c = chain();
    dies("$who is disabled", $c, sub {
        $app->admin_ok('user', 'disable', $who) });
    $app->admin_ok('user', 'enable', $who);
    $client{$who}->login($who, $user{$who}{password});
    revoke(ann => $c->{root});
}
$c = chain();
dies('the media goes into the trash', $c, sub {
    is($client{ann}->delete("/api/user/media/$file{sea}{id}")->status, 204,
        'deleted') }, status => 'active', empty => 1);
is($client{ann}->post("/api/user/media/$file{sea}{id}/restore")->status, 200,
    'restored');
revoke(ann => $c->{root});

# Narrowed at the root, narrowed below; and never wider than above.
$c = chain();
my %of = opened($c->{link}{public_token});
my @signed = urls($of{json}->json->{items}[0]);
change(ann => $c->{root}, permissions => { can_download => $no });
is_deeply([ map { $app->client->get($_)->status } @signed ],
    [ (404) x @signed ], 'narrowed: the old addresses are dead');
for my $which (qw(middle link)) {
    my $who = { middle => 'bob', link => 'carol' }->{$which};
    is(read_share($who => $c->{$which})->json->{permissions}{can_download},
        $no, "narrowed: $which");
    my $r = change($who => $c->{$which}, permissions => may('download'));
    is($r->status, 403, "narrowed: $who does not widen it again");
    is($r->json->{field}, 'permissions', "narrowed: $who gets the field");
}
my $item = $app->client->get("/api/v1/shared/$c->{link}{public_token}")->json
    ->{items}[0];
is($item->{download_url}, undef, 'narrowed: no download');
like($item->{url}, qr{/view/}, 'narrowed: a picture of it');
is(change(ann => $c->{root}, permissions => may('download'))->status, 200,
    'ann may widen hers');
is(read_share(carol => $c->{link})->json->{permissions}{can_download}, $no,
    'which grants the others no more');
is(change(bob => $c->{middle}, permissions => may('download'))->status, 200,
    'bob may follow');
is(change(bob => $c->{middle}, permissions => may('edit'))->status, 403,
    'as far as bob has it');
revoke(ann => $c->{root});

# The root's limit counts openings of its reshares, exactly.
$c = chain(root => { max_uses => 3 });
my $token = $c->{link}{public_token};
my @got = map { $app->client->get("/api/v1/shared/$token")->status } 1 .. 5;
is_deeply(\@got, [ 200, 200, 200, 404, 404 ], 'the root is used up');
is(read_share(ann => $c->{root})->json->{access_count}, 3, 'and counts them');
is(read_share(ann => $c->{root})->json->{status}, 'exhausted', 'and shows its status');
is(read_share(carol => $c->{link})->json->{access_count}, 3,
    'as does the link');
is(value("SELECT COUNT(*) FROM notifications n JOIN shares s ON s.id ="
    . " n.share_id WHERE n.kind = 'limit_reached' AND s.uuid = UNHEX('"
    . ($c->{root}{id} =~ tr/-//dr) . "')"), 1, 'ann is notified');
is($client{bob}->get("/api/v1/shares/$c->{root}{id}/items")->status, 404,
    'bob has none left');
is(change(ann => $c->{root}, max_uses => 4)->status, 200, 'one more');
is($client{bob}->get("/api/v1/shares/$c->{root}{id}/items")->status, 200,
    'for his own visits');
is($app->client->get("/api/v1/shared/$token")->status, 404, 'not the link\'s');
revoke(ann => $c->{root});

# A long chain: from hand to hand.
my @line = (made(ann => to('bob'), permissions => may('reshare')));
my ($status, $giver) = (200, 'bob');
for my $taker (map { "hand$_" } 1 .. 12) {
    $user{$taker} = $app->user($taker);
    $client{$taker} = $app->client->always('X-API-KEY', $app->key($taker));
    my $r = make($giver => to($taker), permissions => may('reshare'));
    $status = $r->status;
    last if $status != 200;
    push @line, $r->json;
    $giver = $taker;
}
is($status, 403, 'a line has an end');
cmp_ok(scalar @line, '>', 3, 'but not soon');
revoke(ann => $line[0]);
is(value('SELECT COUNT(*) FROM shares s JOIN share_ancestors x ON x.share_id'
    . " = s.id WHERE x.ancestor_id = (SELECT id FROM shares WHERE uuid ="
    . " UNHEX('" . ($line[0]{id} =~ tr/-//dr) . "')) AND s.revoked_at IS"
    . ' NULL'), 0, 'all of a long line ends with its root');

# ---- two links of one set are independent; texts of every kind
my $odd = "\x{1f600} \x{202e}\x{5d0}\x{5d1} \"quotes' \"><script>alert(1)"
    . "</script> \\ & 0;url=//x\" http-equiv=\"refresh";
$s = made(ann => note => $odd);
is($s->{note}, $odd, 'a note is stored unchanged');
is($client{ann}->patch("/api/user/media/$file{sea}{id}", json => {
    title => $odd, caption => $odd })->status, 200, 'as are title and caption');
my $page = $app->client->get("/s/$s->{public_token}");
is($page->status, 200, 'its page');
unlike($page->body, qr/<script>alert|http-equiv="refresh"/i,
    'holds no script');
my $html = Encode::decode('UTF-8', $page->body);
like($html, qr/&lt;script&gt;alert\(1\)/, 'but its text');
like($html, qr/\x{1f600}/, 'and a smile');
my @meta = $html =~ /<meta property="og:[^>]*>/g;
ok(scalar @meta, 'Open Graph tags');
ok(!(grep { !/^<meta property="og:[a-z_:]+" content="[^"<>]*">$/ } @meta),
    'hold nothing that ends them') or diag("@meta");

# ---- the same share under every kind of credential; keys by their scope
my $key = $app->key('ann', 'shares');
is($app->client->always('X-API-KEY', $key)->get("/api/v1/shares/$s->{id}")
    ->status, 200, 'by an API key');
is($app->client->always('X-API-KEY', $app->key('ann', 'media:read'))
    ->get("/api/v1/shares/$s->{id}")->status, 403, 'not of another scope');
is($client{ann}->post('/api/v1/shares', json => \%plain, headers => {
    Origin => 'http://evil.example' })->status, 403, 'not from another site');

unlike($app->log, qr/sesame|argon2/, 'no password is in the log');
unlike($app->log, qr/SQL syntax/, 'nor an SQL error');
$app->finish;
done_testing;
