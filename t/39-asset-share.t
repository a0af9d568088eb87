#!/usr/bin/perl
# Asset shares (seed 004): the whole share model in and out, lookups by each of
# their names, durations, recipients, every content type, and errors as
# RFC 9457 has them.

use strict;
use warnings;
use utf8;
use JSON::PP ();
use POSIX ();
use T::App;
use T::Pictures;
use T::Smtp;
use Test::More;

binmode $_, ':encoding(UTF-8)' for Test::More->builder->output,
    Test::More->builder->failure_output;

T::Pictures->need;
my $mta = T::Smtp->sink;
my $app = T::App->new(conf => { 'mail.tls' => 'none',
    'mail.server' => 'smtp://127.0.0.1:' . $mta->{port},
    'mail.from' => 'site@example.org', 'mail.bundle' => '1s' });
my ($ann, $account) = $app->signed_in('ann');
my ($bob, $bobs) = $app->signed_in('bob');
my ($eve, $eves) = $app->signed_in('eve');
my $guest = $app->client;
my $db = $app->db;
my $picture = T::Pictures->content('IMG_1054.JPG');
$app->drop($account, 'Uploads', "$_.jpg", content => $picture) for qw(a b c);
$app->drop($bobs, 'Uploads', 'x.jpg', content => $picture);
my %file = map { $_->{originalName} => $_ } $app->files($ann), $app->files($bob);
ok($app->enriched($ann), 'they are known');
my %uuid = map { s/\.jpg//r => $file{$_}{uuid} } keys %file;
my %who = (bob => $bob, eve => $eve);
%who = map { $_ => $who{$_}->get('/api/auth/me')->json->{user}{uuid} }
    keys %who;
my $bearer = $app->client->always(Authorization => 'Bearer '
    . $app->client->post('/api/auth/token', json => { username => 'ann',
        password => $account->{password} })->json->{access_token});
my $none = '00000000-0000-4000-8000-000000000000';
# Without what the worker adds in its own time: that a link was opened, and
# mails about it.
sub rows { join ' ', map { $db->value("SELECT COUNT(*) FROM $_") }
    qw(shares share_items share_recipients),
    "notifications WHERE kind <> 'first_access'",
    "outbox WHERE kind <> 'notifications'" }
sub token_of { $_[0] =~ s{.*/}{}r }

# ---- the call of the seed
my $r = $bearer->post("/api/asset/$uuid{a}/share", json => {
    id => undef, name => 'Two of mine 😀', sharedContents => [ $uuid{b} ],
    sharedDuration => { name => 'OneWeek' }, sharedPermissions => undef,
    sharedType => undef, sharedStatus => undef, sharedDurationInHours => undef,
    sharedLink => undef, ownerId => undef, expirationDate => undef,
    assetId => $uuid{a}, nomadUsers => [ { id => $who{bob} } ] });
is($r->status, 200, 'shared') or BAIL_OUT($r->body);
my $link = $r->json;
like($link, qr{^http://localhost/s/[0-9a-f-]{36}$}, 'the link, as a string');
$r = $guest->get('/api/v1/shared/' . token_of($link));
is_deeply([ map { $_->{id} } @{ $r->json->{items} } ], [ @uuid{qw(a b)} ],
    'opens the asset and the contents');
my $id = $r->json->{share}{id};
is($bob->get('/api/v1/shares/incoming')->json->[0]{id}, $id,
    'and is among the shares that bob received');
is($bob->get('/api/v1/notifications/shares')->json->[0]{notification_type},
    'share_created', 'who is notified');
is($bob->get("/api/v1/shares/$id/items")->status, 200, 'and sees it');
is($eve->get("/api/v1/shares/$id/items")->status, 403, 'as others do not');

# ---- the model
$r = $bearer->get("/share/$id");
is($r->status, 200, 'the model');
my $m = $r->json;
is_deeply([ sort keys %$m ], [ sort qw(id name sharedContents sharedDuration
    sharedPermissions sharedType sharedStatus sharedDurationInHours sharedLink
    ownerId expirationDate assetId nomadUsers) ], 'all of the seed\'s fields');
is($m->{name}, 'Two of mine 😀', 'its name');
is($m->{sharedLink}, $link, 'its link');
is($m->{sharedDurationInHours}, 168, 'its hours');
is($m->{sharedDuration}{name}, 'OneWeek', 'its duration');
is($m->{sharedStatus}{name}, 'Active', 'its status');
is($m->{sharedType}{name}, 'Link', 'its type');
is_deeply([ map { $_->{name} } @{ $m->{sharedPermissions} } ], ['View'],
    'to be viewed alone');
is_deeply($m->{nomadUsers}, [ { id => $who{bob}, name => 'bob' } ], 'for whom');
is($m->{ownerId}, $ann->get('/api/auth/me')->json->{user}{uuid}, 'by whom');
is($m->{assetId}, $uuid{a}, 'the asset');
$r = $ann->get("/api/share/$id");
is_deeply($r->json, $m, 'below /api the same');

# ---- what its recipient sees, compared with visitors of the link
sub path { $_[0] =~ s{^http://localhost}{}r }
my $seen = $bob->get("/api/v1/shares/$id")->json;
is($seen->{public_token}, undef, 'bob gets no link of it');
like($seen->{url}, qr{/shares/$id$}, 'but the page for recipients');
is($seen->{recipient_user_id}, $who{bob}, 'and is its recipient');
is($bob->get('/api/v1/shares/incoming')->json->[0]{public_token}, undef,
    "nor in bob's list");
$seen = $guest->get('/api/v1/shared/' . token_of($link))->json->{share};
is($seen->{recipient_user_id}, undef, 'a guest does not see the recipient');
is($seen->{url}, $link, 'but the link');
my ($his) = map { path($_->{url}) }
    @{ $bob->get("/api/v1/shares/$id/items")->json->{items} };
is($guest->get($his)->status, 200, "bob's URL works");
is($guest->get($his =~ s/&u=\d+//r)->status, 404, 'only with his account');

# ---- sent back unchanged, then with changes
$r = $bearer->put("/share/$id", json => $m);
is($r->status, 200, 'sent back') or diag($r->body);
is_deeply($r->json, $m, 'as it was');
$r = $bearer->put("/share/$id", json => { name => 'Mine', sharedContents =>
    [ @uuid{qw(c b)} ], sharedPermissions => [ 'View', { enumValue => 2 } ],
    nomadUsers => [ $who{eve} ] });
is($r->status, 200, 'changed') or diag($r->body);
is($r->json->{name}, 'Mine', 'the name');
is_deeply($r->json->{sharedContents}, [ @uuid{qw(c b)} ], 'the contents');
is_deeply([ map { $_->{name} } @{ $r->json->{sharedPermissions} } ],
    [qw(View Download)], 'the permissions');
is_deeply([ map { $_->{id} } @{ $r->json->{nomadUsers} } ], [ $who{eve} ],
    'the recipients');
is($r->json->{expirationDate}, $m->{expirationDate}, 'the end stays');
is($bob->get("/api/v1/shares/$id")->status, 403, 'bob is out');
is($guest->get($his)->status, 404, "bob's URL no longer works");
is($bob->get('/api/v1/notifications/shares')->json->[0]{notification_type},
    'share_revoked', 'and is notified');
($his) = map { path($_->{url}) }
    @{ $eve->get("/api/v1/shares/$id/items")->json->{items} };
is($guest->get($his)->status, 200, "eve's URL works");
$app->admin_ok('user', 'disable', 'eve');
is($guest->get($his)->status, 404, 'not while her account is disabled');
$app->admin_ok('user', 'enable', 'eve');
$eve->login('eve', $eves->{password});
$r = $bearer->post("/asset/$uuid{a}/share", json => { id => $id });
is($r->json, $link, 'by its id: the same link');
is_deeply($bearer->get("/share/$id")->json->{sharedContents}, [ $uuid{a} ],
    'with the asset of the path');

# ---- lookups, each by each of its names
my %lookup = (sharedDuration => [qw(OneHour OneDay OneWeek OneMonth
    ThreeMonths OneYear Never)], sharedType => [qw(Link)],
    sharedStatus => [qw(Active)]);
for my $field (sort keys %lookup) {
    for my $name (@{ $lookup{$field} }) {
        my $s = $bearer->post('/share', json => { assetId => $uuid{a},
            $field => { name => lc $name } })->json;
        is($s->{$field}{name}, $name, "$field: $name by its name");
        for my $by (qw(id description enumValue)) {
            my $x = $bearer->post('/share', json => { assetId => $uuid{a},
                $field => { $by => $s->{$field}{$by} } });
            is($x->status == 200 && $x->json->{$field}{name}, $name,
                "$name by its $by");
        }
        $r = $bearer->post('/share', json => { assetId => $uuid{a},
            $field => $s->{$field} });
        is($r->json->{$field}{name}, $name, "$name by all of them");
    }
}
my $s = $bearer->post('/share', json => { assetId => $uuid{a},
    sharedPermissions => [ { name => 'Edit' }, { description => 'may be shared on' } ] });
is_deeply([ map { $_->{name} } @{ $s->json->{sharedPermissions} } ],
    [qw(View Edit Reshare)], 'permissions by name and description');

# ---- the date goes before the hours, those before the duration
$s = $bearer->post('/share', json => { assetId => $uuid{a},
    expirationDate => '2099-05-06T07:08:09Z', sharedDurationInHours => 3,
    sharedDuration => { name => 'OneDay' } })->json;
is($s->{expirationDate}, '2099-05-06T07:08:09.000Z', 'the date');
$s = $bearer->post('/share', json => { assetId => $uuid{a},
    sharedDurationInHours => 3, sharedDuration => { name => 'OneDay' } })->json;
is($s->{sharedDurationInHours}, 3, 'the hours');
is($s->{sharedDuration}, undef, 'which are no known duration');
$s = $bearer->post('/share', json => { assetId => $uuid{a} })->json;
is($s->{expirationDate}, undef, 'none: for ever');
is($s->{sharedDuration}{name}, 'Never', 'and says so');
for my $end (time + 600, time + 100 * 365 * 86400) {
    $s = $bearer->post('/share', json => { assetId => $uuid{a},
        expirationDate => POSIX::strftime('%FT%TZ', gmtime $end) })->json;
    $r = $bearer->put("/share/$s->{id}", json => $s);
    is($r->status, 200, 'soon or late, sent back') or diag($r->body);
    is($r->json->{expirationDate}, $s->{expirationDate}, 'it stays');
}

# ---- downloads are logged with the name of the account
$s = $bearer->post('/share', json => { assetId => $uuid{a},
    sharedType => { name => 'User' }, sharedPermissions => [ 'Download' ],
    nomadUsers => [ @who{qw(bob eve)} ] })->json;
for my $name (qw(eve bob)) {
    my $client = $name eq 'bob' ? $bob : $eve;
    my $i = $client->get("/api/v1/shares/$s->{id}/items")->json->{items}[0];
    is($guest->get(path($i->{download_url}))->status, 200, "$name downloads");
    my $log = "/api/v1/shares/$s->{id}/activity";
    ok(T::Proc->until_true(5, sub { grep { $_->{action} eq 'downloaded'
        && $_->{actor_id} eq $who{$name} } @{ $ann->get($log)->json } }),
        'it is in the log');
}

# ---- a share code is its media's (seed 000)
my $code = $ann->post("/api/media/$file{'c.jpg'}{id}/share", json => {})
    ->json->{shareCode};
my ($coded) = grep { ($_->{public_token} // '') eq $code }
    @{ $ann->get('/api/v1/shares/outgoing?limit=500')->json };
problem($bearer->put("/share/$coded->{id}", json => { sharedContents =>
    [ $uuid{b} ] }), 403, undef, 'it shows no other');
is($guest->get("/shared/media/$code")->json->{name}, 'c.jpg', 'but its own');
ok(T::Proc->until_true(5, sub { $ann->get("/api/v1/shares/$coded->{id}")
    ->json->{access_count} == 1 }), 'which is counted');
is($bearer->put("/share/$coded->{id}", json => { name => 'C' })->status, 200,
    'the rest of it can be changed');

# ---- for accounts alone, and with a password
$r = $bearer->post("/asset/$uuid{a}/share", json => { sharedType =>
    { name => 'User' }, nomadUsers => [ { id => $who{bob}, name => 'x' } ] });
like($r->json, qr{^http://localhost/shares/}, 'for accounts: their page');
my $page = token_of($r->json);
is($bob->get("/shares/$page", headers => { Accept => 'text/html' })->status,
    200, 'which opens for bob');
is($eve->get("/shares/$page")->status, 403, 'and for no other');
$r = $bearer->post("/asset/$uuid{a}/share", json => { password => 'geheim' });
my $token = token_of($r->json);
is($guest->get("/api/v1/shared/$token")->status, 401, 'a password is wanted');
is($guest->get("/api/v1/shared/$token",
    headers => { 'X-Share-Password' => 'geheim' })->status, 200, 'and opens');

# ---- content types
for my $type ('application/json', 'application/json-patch+json', 'text/json',
    'application/vnd.x+json', 'application/json; charset=utf-8') {
    $r = $bearer->post("/api/asset/$uuid{a}/share", body => '{}',
        headers => { 'Content-Type' => $type });
    is($r->status, 200, $type);
}
for my $type ('text/plain', 'application/xml', 'application/x+jsonx') {
    $r = $bearer->post("/api/asset/$uuid{a}/share", body => '{}',
        headers => { 'Content-Type' => $type });
    is($r->status, 415, $type);
}

# ---- what is wrong, in RFC 9457's form
ok(T::Proc->until_true(5, sub { $db->value('SELECT COUNT(*) FROM'
    . " notifications WHERE kind = 'first_access'") == 2 }),
    'that two links were opened is written down');
my $was = rows();
sub problem {
    my ($r, $status, $field, $name) = @_;

    is($r->status, $status, $name) or diag($r->body);
    is($r->header('Content-Type'), 'application/problem+json', 'as a problem');
    my $p = eval { $r->json } // {};
    is($p->{status}, $status, 'with its status');
    ok(length($p->{title} // '') && length($p->{detail} // ''), 'and why');
    is($p->{field}, $field, 'and where');
}
my $there = "/asset/$uuid{a}/share";
problem($bearer->post($there), 400, undef, 'no body');
problem($bearer->post($there, body => '{', headers => {
    'Content-Type' => 'application/json' }), 400, undef, 'half a body');
problem($bearer->post($there, json => []), 400, undef, 'no object');
problem($guest->post($there, json => {}), 401, undef, 'nobody');
problem($app->client->always(Authorization => 'Bearer x.y.z')->post($there,
    json => {}), 401, undef, 'an invalid token');
problem($bearer->post("/asset/$uuid{x}/share", json => {}), 404, 'assetId',
    "another's asset");
problem($bearer->post("/asset/$none/share", json => {}), 404, 'assetId', 'none');
problem($bearer->post('/asset/17/share', json => {}), 400, 'uuid', 'no UUID');
for my $case ([ id => 'x' ], [ name => 5 ], [ name => 'x' x 256 ],
    [ name => "a\nb" ], [ sharedContents => 'x' ], [ sharedContents => [5] ],
    [ sharedContents => ['x'] ], [ sharedDuration => 'OneDay' ],
    [ sharedDuration => {} ], [ sharedDuration => { name => 'Fortnight' } ],
    [ sharedDuration => { enumValue => 99 } ],
    [ sharedDuration => { name => 'OneDay', enumValue => 3 } ],
    [ sharedPermissions => 'View' ], [ sharedPermissions => [ 'Fly' ] ],
    [ sharedType => { name => 'Carrier pigeon' } ],
    [ sharedType => { name => 'User' }, 'nomadUsers' ],
    [ sharedStatus => { name => 'Revoked' } ],
    [ sharedDurationInHours => 0 ], [ sharedDurationInHours => 'x' ],
    [ sharedDurationInHours => 2 ** 40 ], [ expirationDate => '2020-01-01' ],
    [ expirationDate => 'never' ], [ expirationDate => 5 ],
    [ assetId => $uuid{b} ], [ nomadUsers => 'bob' ],
    [ nomadUsers => [ {} ], 'nomadUsers.id' ],
    [ nomadUsers => [ { id => $none } ], 'nomadUsers.id' ],
    [ nomadUsers => [ { id => 'x' } ], 'nomadUsers.id' ],
    [ nomadUsers => [ ($who{bob}) x 2 ], 'nomadUsers.id' ],
    [ password => '' ], [ password => 'x' x 10_000 ]) {
    my ($field, $value, $told) = @$case;
    my $text = substr JSON::PP->new->allow_nonref->encode($value), 0, 50;
    $r = $bearer->post($there, json => { $field => $value });
    problem($r, $field eq 'id' ? 404 : 400, $told // $field,
        "$field: $text") if $field ne 'id';
    like($r->status, qr/^40[04]$/, "$field: $text") if $field eq 'id';
}
$r = $bearer->post($there, json => { sharedContents => [ $uuid{x} ] });
problem($r, 404, 'sharedContents', "another's among the contents");
is(rows(), $was, 'nothing was made by all this');

# ---- another's, unknown: alike for each call
for my $x ([ GET => '' ], [ PUT => '', {} ], [ DELETE => '' ],
    [ POST => '/notification', { nomadUsers => [ $who{eve} ] } ]) {
    my ($method, $tail, $json) = @$x;
    my @o = $json ? (json => $json) : ();
    my $other = $bob->request($method, "/share/$id$tail", @o);
    my $unknown = $bob->request($method, "/share/$none$tail", @o);
    problem($other, 404, 'id', "$method$tail: another's");
    is($unknown->body, $other->body, 'as an unknown one');
}
problem($bob->post("/share/expire/$id"), 404, 'id', "another's to expire");

# ---- notifications
my $told = @{ $bob->get('/api/v1/notifications/shares')->json };
$r = $bearer->post("/share/$id/notification", json => {
    nomadUsers => [ { id => $who{bob} } ],
    externalUsers => [ { email => 'friend@example.org' }, 'other@example.org' ] });
is($r->status, 200, 'notified') or diag($r->body);
is($r->body, '', 'without a body');
is(scalar @{ $bob->get('/api/v1/notifications/shares')->json }, $told + 1,
    'bob has one more');
is($bob->get("/api/v1/shares/$id")->status, 200, 'and the share again');
ok(T::Proc->until_true(20, sub { grep { /friend\@example/ } $mta->kept }),
    'and a stranger a mail');
my ($mail) = map { T::Smtp->parse($_) } grep { /^To:.*friend/m } $mta->kept;
like($mail->{text}, qr/\Q$link\E/, 'with the link');
$was = rows();
for my $case ([ {}, 'nomadUsers' ],
    [ { externalUsers => [ "a\@b.org\r\nX: y" ] }, 'externalUsers.email' ],
    [ { externalUsers => [ {} ] }, 'externalUsers.email' ],
    [ { nomadUsers => [ $none ] }, 'nomadUsers.id' ]) {
    problem($bearer->post("/share/$id/notification", json => $case->[0]), 400,
        $case->[1], 'refused: ' . JSON::PP->new->encode($case->[0])
            =~ s/\\[rn]/ /gr);
}
problem($bearer->post("/share/$page/notification", json => {
    externalUsers => [ 'a@example.org' ] }), 400, 'externalUsers',
    'a share for accounts has no link to send');
is(rows(), $was, 'nothing came of it');

# ---- mail to those who have an account: bundled, and only if they want it
is_deeply($eve->put('/api/auth/notifications', json => { email =>
    JSON::PP::false })->json, { email => JSON::PP::false }, 'eve wants none');
ok(T::Proc->until_true(90, sub { grep { /^To: .*bob\@example/m } $mta->kept }),
    'bob gets notifications by mail');
my @bobs = map { T::Smtp->parse($_) } grep { /^To: .*bob\@example/m } $mta->kept;
is(scalar @bobs, 1, 'in one mail');
like($bobs[0]{text}, qr/ann shared with you: Mine/, 'which says what');
like($bobs[0]{text}, qr{http://localhost/shares/\Q$id\E}, 'and where');
is(scalar(grep { /^To: .*eve\@example/m } $mta->kept), 0, 'eve gets none');
my ($bytes) = grep { /^To: .*bob\@example/m } $mta->kept;
my ($list) = $bytes =~ /^List-Unsubscribe: <http:\/\/localhost(\S+)>/m;
ok($list, 'with an unsubscribe link');
is($guest->get($list)->status, 200, 'whose page opens');
ok($bob->get('/api/auth/notifications')->json->{email}, 'and changes nothing');
is($guest->post($list =~ s/.$/x/r, form => [])->status, 404, 'nor a forged one');
is($guest->post($list, form => [ 'List-Unsubscribe' => 'One-Click' ])->status,
    200, 'but the click does');
ok(!$bob->get('/api/auth/notifications')->json->{email}, 'no more mail');

# ---- the end
$r = $bearer->post("/share/expire/$id");
is($r->status, 200, 'expired');
is($r->body, '', 'without a body');
is($guest->get('/api/v1/shared/' . token_of($link))->status, 404, 'it is');
is($bearer->get("/share/$id")->json->{sharedStatus}{name}, 'Expired',
    'and says so');
is($bearer->post("/share/expire/$id")->status, 200, 'repeating it is fine');
$r = $bearer->delete("/api/share/$id");
is($r->status, 200, 'deleted');
is_deeply($r->json, { id => $id }, 'as it says');
problem($bearer->delete("/share/$id"), 404, 'id', 'not twice');
problem($bearer->put("/share/$id", json => {}), 404, 'id', 'nor changed');
is($ann->get("/api/v1/shares/$id")->json->{status}, 'revoked',
    'seed 002 knows it');

$app->finish;
done_testing;
