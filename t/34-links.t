#!/usr/bin/perl
# Links: what a password protects, and for how long; that a link that has ended
# looks unknown; robots and HEAD; limits, exact under concurrency; visits;
# and their log.

use strict;
use warnings;
use JSON::PP ();
use POSIX ();
use T::App;
use T::Nginx;
use T::Pictures;
use Test::More;

T::Pictures->need;
my $tries = 4;
my %conf = ('session.login_tries' => $tries, 'session.login_window' => '1h');
my $app = T::App->new(worker => 0, workers => 3, long_workers => 3,
    conf => { %conf }, errors => qr/event=child-end .*signal=9/);
my (%client, %user);
for my $name (qw(ann bob)) {
    ($client{$name}, $user{$name}) = $app->signed_in($name);
    $user{$name}{uuid} = $client{$name}->get('/api/auth/me')->json
        ->{user}{uuid};
}
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);

sub path { $_[0] =~ s{^http://localhost}{}r }
sub value { $app->db->value($_[0]) }
sub sql { $app->db->run_sql($app->db->name, $_[0]) }
sub hex_of { "UNHEX('" . ($_[0]{id} =~ tr/-//dr) . "')" }
my $sea = $client{ann}->uploaded('sea.jpg', 'IMG_1054.JPG');
my $cat = $client{ann}->uploaded('cat.png', 'chelsea.png');

sub made {
    my (%o) = @_;
    my $r = $client{ann}->post('/api/v1/shares', json => {
        target_type => 'media', target_id => $sea->{uuid},
        recipient_type => 'public_link', %o });
    die $r->body if $r->status != 200;
    return $r->json;
}
sub share_of { $client{ann}->get("/api/v1/shares/$_[0]{id}")->json }
sub change {
    my ($s, %o) = @_;
    return $client{ann}->patch("/api/v1/shares/$s->{id}", json => \%o);
}
sub activity {
    my ($s) = @_;
    return @{ $client{ann}->get("/api/v1/shares/$s->{id}/activity?limit=500")
        ->json };
}
sub actions { join ' ', reverse map { $_->{action} } activity($_[0]) }
sub json_of { "/api/v1/shared/$_[0]{public_token}" }
sub page_of { "/s/$_[0]{public_token}" }
sub signed {
    my ($r) = @_;
    my $i = $r->json->{items}[0];
    return map { path($_) } grep { defined }
        @$i{qw(url thumbnail_url download_url)};
}
sub from { (params => { REMOTE_ADDR => $_[0] }) }

# ---- a password
my $word = 'open-sesame-4711';
my $s = made(password => $word, permissions => { can_download => $yes });
my $token = $s->{public_token};
my @ways = (json_of($s), "/api/shared/$token", page_of($s),
    "/shared/media/$token");
for my $way (@ways) {
    is($app->client->get($way)->status, 401, "$way: without it");
    is($app->client->get("$way?password=wrong", from('192.0.2.1'))->status,
        401, "$way: a wrong one");
    is($app->client->get($way, from('192.0.2.2'),
        headers => { 'X-Share-Password' => 'wrong' })->status, 401,
        "$way: a wrong one in the header");
    is($app->client->get($way, headers => { 'X-Share-Password' => $word })
        ->status, 200, "$way: the right one in the header");
    my $r = $app->client->get("$way?password=$word");
    is($r->status, 200, "$way: in the query");
    unlike($r->head . $r->body, qr/\Q$word\E/, "$way: the password is not in the answer");
    sql('DELETE FROM tries');
}
is($app->client->get(page_of($s) . '/preview')->status, 404,
    'no preview without the password');
is($app->client->get("/shared/media/$token/preview?password=$word")->status,
    404, 'nor with it');
my $page = $app->client->get(page_of($s));
like($page->body, qr/<form[^>]*method="post"/, 'a page asks for it');
unlike($page->body, qr{\bsea\b|/file/|/thumb/|/view/|og:|\bann\b},
    'and shows nothing else');
my $guest = $app->client;
my $r = $guest->post(page_of($s), form => [ password => 'wrong' ]);
is($r->status, 401, 'the form: a wrong password');
$r = $guest->post(page_of($s), form => [ password => $word ]);
is($r->status, 303, 'the form: the right password');
is($r->header('Location'), page_of($s), 'the form: back to the page');
my ($cookie) = $r->cookies;
like($cookie, qr/HttpOnly/, 'its cookie is for the server only');
like($cookie, qr/SameSite=Lax/, 'and of this site');
is($guest->get(page_of($s))->status, 200, 'the page is open');
for my $odd ('/' . page_of($s), '//evil.example' . page_of($s),
    '/\\evil.example' . page_of($s), page_of($s) . '/',
    page_of($s) . '//evil.example', page_of($s) . '?x=//evil.example') {
    my $r = $app->client->post($odd, form => [ password => $word ]);
    like($r->header('Location') // '/', qr{^/(?![/\\])},
        "the form redirects nowhere else: $odd");
}
is($guest->get($_)->status, 200, "$_: so is this") for @ways;
is($app->client->get(json_of($s))->status, 401, 'to nobody else');
$guest = $app->client;
is($guest->post(json_of($s) . '/unlock', json => { password => 'wrong' })
    ->status, 401, 'unlock: a wrong one');
for my $body ({}, { password => undef }, { password => '' },
    { password => 5 }, { password => [] }, { password => 'p' x 5000 }) {
    my $r = $guest->post(json_of($s) . '/unlock', json => $body);
    is($r->status, 400, 'unlock: none');
    is($r->json->{field}, 'password', 'unlock: the field');
}
$r = $guest->post(json_of($s) . '/unlock', json => { password => $word });
is($r->status, 204, 'unlock');
is($r->body, '', 'unlock: without a word');
my $opened = $guest->get(json_of($s));
is($opened->status, 200, 'unlocked');
my @urls = signed($opened);
is(scalar @urls, 3, 'three addresses');
is($app->client->get($_)->status, 200, 'which open by themselves') for @urls;
unlike($opened->body, qr/\Q$word\E|argon|hash/, 'no word of it');

# Cookies that are not of this link, or not ours.
my $other = made(password => $word);
is($guest->get(json_of($other))->status, 401,
    'another link with the same password stays locked');
is($guest->get(page_of($other))->status, 401, 'its page too');
my ($name) = grep { /^vitrine-/ } sort keys %{ $guest->{cookies} };
my $good = $guest->cookie($name);
my %names = map { my $c = $app->client;
    $c->post(json_of($_) . '/unlock', json => { password => $word });
    my ($n) = grep { /^vitrine-/ } keys %{ $c->{cookies} };
    ($_->{id} => $n) } $s, $other;
isnt($names{ $s->{id} }, $names{ $other->{id} }, 'each has its own cookie');
my ($visit, $until, $signature) = split /\./, $good, 3;
for my $forged ("", "0.0.", "$visit.$until", "$visit.$until.",
    "$visit." . ($until + 1) . ".$signature", ($visit + 1) .
    ".$until.$signature", "$until.$visit.$signature",
    "$visit.$until." . ($signature =~ s/(.)$/$1 eq 'A' ? 'B' : 'A'/er),
    "$visit.$until.$signature.x", "-1.$until.$signature",
    "9223372036854775807.9223372036854775807.$signature",
    "0.4102444800." . ('A' x 27), '%00', '....', 'x' x 4000) {
    is($app->client->get(json_of($s), headers => {
        Cookie => "$names{ $s->{id} }=$forged" })->status, 401,
        'a forged cookie: ' . substr $forged, 0, 40);
}
is($app->client->get(json_of($s), headers => {
    Cookie => "$names{ $s->{id} }=$good" })->status, 200, 'the real one');
is($app->client->get(json_of($other), headers => {
    Cookie => "$names{ $other->{id} }=$good" })->status, 401,
    'under the name of another cookie: refused');

# A new password, or removing it, ends visits.
my $new = 'another-word-4712';
is(change($s, password => $new)->status, 200, 'a new password');
is($guest->get(json_of($s))->status, 401, 'the cookie is no longer valid');
is($app->client->get($_)->status, 404, 'nor are the addresses') for @urls;
is($app->client->get(json_of($s), headers => {
    'X-Share-Password' => $word })->status, 401, 'nor the old one');
$opened = $app->client->get(json_of($s), headers => {
    'X-Share-Password' => $new });
is($opened->status, 200, 'the new one is');
@urls = signed($opened);
is(change($s, password => undef)->status, 200, 'none');
is($app->client->get($_)->status, 404, 'the addresses go again') for @urls;
is($app->client->get(json_of($s))->status, 200, 'and it is open to all');
is(change($s, note => 'a word')->status, 200, 'a note');
@urls = signed($app->client->get(json_of($s)));
change($s, note => 'another');
is($app->client->get($urls[0])->status, 200, 'ends no visit');

# Visitors of a link, unlocked or not, cannot change anything.
for my $call ([ DELETE => "/api/v1/shares/$s->{id}" ],
    [ PATCH => "/api/v1/shares/$s->{id}", json => { note => 'x' } ],
    [ PATCH => "/api/user/media/$sea->{id}", json => { title => 'x' } ],
    [ DELETE => json_of($s) ], [ PATCH => json_of($s) ], [ PUT => page_of($s) ],
    [ GET => "/api/v1/shares/$s->{id}/activity" ]) {
    my ($method, @o) = @$call;
    like($guest->request($method, @o)->status, qr/^40[135]$/,
        "$method $o[0] by a guest");
}

# ---- guessing
sql('DELETE FROM tries');
my $locked = made(password => $word);
sub guess {
    my ($link, $address, $password) = @_;
    return $app->client->get(json_of($link), from($address),
        headers => { 'X-Share-Password' => $password });
}
is(guess($locked, '192.0.2.7', "wrong $_")->status, 401, "guess $_")
    for 1 .. $tries;
for my $password ('wrong again', $word) {
    $r = guess($locked, '192.0.2.7', $password);
    is($r->status, 429, "after $tries: too many");
    like($r->header('Retry-After') // '', qr/^[1-9]\d*$/, 'and for how long');
    ok($r->json->{error}, 'in words');
}
$r = $app->client->post(page_of($locked), from('192.0.2.7'),
    form => [ password => $word ]);
is($r->status, 429, 'the form too');
ok($r->header('Retry-After'), 'and for how long');
is($app->client->post(json_of($locked) . '/unlock', from('192.0.2.7'),
    json => { password => $word })->status, 429, 'unlock too');
is($app->client->get("/shared/media/$locked->{public_token}?password=$word",
    from('192.0.2.7'))->status, 429, 'and by its other address');
is(guess($locked, '192.0.2.8', $word)->status, 200,
    'another address gets in');
is(guess($other, '192.0.2.7', $word)->status, 200,
    'and this address into another link');
my @failed = grep { $_->{action} eq 'password_failed' } activity($locked);
is(scalar @failed, $tries, 'each guess is in the log');
is($failed[0]{actor_ip}, '192.0.2.0', 'with its address');
is($failed[0]{actor_id}, undef, 'of nobody');
is(value("SELECT COUNT(*) FROM notifications n JOIN shares s ON s.id ="
    . " n.share_id WHERE n.kind = 'password_failed' AND s.uuid = "
    . hex_of($locked)), 1, 'its owner is notified once');

# ---- a link that has ended looks unknown
my %over = (expired => made(), revoked => made(), exhausted =>
    made(max_uses => 1), empty => made(target_id => $cat->{uuid}),
    'expired with a password' => made(password => $word));
sql('UPDATE shares SET expires_at = NOW(3) - INTERVAL 1 SECOND WHERE uuid IN ('
    . join(', ', map { hex_of($over{$_}) } 'expired',
    'expired with a password') . ')');
is($client{ann}->delete("/api/v1/shares/$over{revoked}{id}")->status, 204,
    'one revoked');
is($app->client->get(json_of($over{exhausted}))->status, 200, 'one used up');
is($client{ann}->delete("/api/user/media/$cat->{id}")->status, 204,
    'one emptied');
sub bare {
    my ($r) = @_;
    return join "\n", (sort grep { !/^(date|x-request-id):/i }
        split /\r?\n/, $r->head), '', $r->body;
}
my $never = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
for my $way ('/api/v1/shared/%s', '/api/shared/%s', '/s/%s',
    '/shared/media/%s', '/s/%s/preview', '/shared/media/%s/preview',
    '/s/%s?cursor=5', '/api/v1/shared/%s?limit=1',
    '/api/v1/shared/%s?password=x') {
    for my $method ('GET', 'HEAD') {
        my $none = $app->client->request($method, sprintf $way, $never);
        is($none->status, 404, "$method $way: none");
        for my $name (sort keys %over) {
            my $r = $app->client->request($method, sprintf $way,
                $over{$name}{public_token});
            is(bare($r) =~ s/\Q$over{$name}{public_token}\E/T/gr,
                bare($none) =~ s/$never/T/gr, "$method $way: $name is alike");
        }
    }
    my $none = $app->client->get(sprintf $way, 'no-token-at-all');
    is($none->status, 404, "$way: not a token");
}
for my $name (sort keys %over) {
    my $token = $over{$name}{public_token};
    my $none = $app->client->post("/api/v1/shared/$never/unlock",
        json => { password => 'x' });
    my $r = $app->client->post("/api/v1/shared/$token/unlock",
        json => { password => 'x' });
    is(bare($r), bare($none), "unlock: $name is alike");
    $r = $app->client->post("/s/$token", form => [ password => $word ]);
    is($r->status, 404, "the form: $name");
}
$r = $client{ann}->get(json_of($over{expired}));
is($r->status, 404, 'to its owner too');
like($r->json->{error}, qr/expired/, 'who sees the reason');
is(bare($client{bob}->get(json_of($over{expired}))), bare($client{bob}->get(
    "/api/v1/shared/$never")), 'another is not');

# The shared file was replaced by another of the same name.
is($client{ann}->uploaded('cat.png', 'chelsea.png')->{originalName}, 'cat.png',
    'another file of the same name');
is($app->client->get(json_of($over{empty}))->status, 404,
    'is not what was shared');

# ---- a share code (seed 000) is a link like any
$r = $client{ann}->post("/api/media/$sea->{id}/share", json => {
    shareToCommunity => $yes, consent => $yes, tags => ['nature'] });
my $code = $r->json->{shareCode};

my ($of_code) = grep { ($_->{public_token} // '') eq $code }
    @{ $client{ann}->get('/api/v1/shares/outgoing')->json };
ok($of_code, 'it is among what went out');
is($app->client->get("$_/$code")->status, 200, "$_: open")
    for '/shared/media', '/s', '/api/v1/shared';
my ($before_lock) = signed($app->client->get("/api/v1/shared/$code"));
is(change($of_code, password => $word)->status, 200, 'a password');
is($app->client->get("$_/$code")->status, 401, "$_: shut")
    for '/shared/media', '/s', '/api/v1/shared';
is($app->client->get("/shared/media/$code", headers => {
    Accept => 'application/json' })->status, 401, 'in JSON too');
is($app->client->get("/shared/media/$code/preview")->status, 404,
    'without a picture');
is($app->client->get($before_lock)->status, 404, 'nor an old address');
is($client{ann}->post("/api/media/$sea->{id}/share", json => {})->json
    ->{shareCode}, $code, 'it is the same code');
is($app->client->get("/shared/media/$code")->status, 401, 'and stays shut');
# What was opened without a limit is written a moment later, and counts.
ok(T::Proc->until_true(10, sub { share_of($of_code)->{access_count} == 4 }),
    'its openings are written');
is(change($of_code, password => undef, max_uses => 5)->status, 200,
    'a limit');
is($app->client->get("/shared/media/$code")->status, 200, 'one opening');
is($app->client->get("/shared/media/$code")->status, 404, 'and no more');
is($client{ann}->delete("/api/v1/shares/$of_code->{id}")->status, 204,
    'revoked');
is(value("SELECT COUNT(*) FROM community_media WHERE state = 'ready'"), 1,
    'the community copy stays');
isnt($client{ann}->post("/api/media/$sea->{id}/share", json => {})->json
    ->{shareCode}, $code, 'a new code is another');
is($app->client->get("/shared/media/$code")->status, 404,
    'the old one is dead');

# ---- HEAD, and robots
my $limited = made(max_uses => 2);
$locked = made(password => $word);
my $plain = made(permissions => { can_download => $yes });
for my $link ($limited, $locked, $plain) {
    for my $way (json_of($link), page_of($link),
        "/shared/media/$link->{public_token}") {
        my $r = $app->client->head($way);
        is($r->status, 200, "HEAD $way");
        is($r->body, '', "HEAD $way: nothing");
        is(scalar $r->cookies, 0, "HEAD $way: no cookie");
        unlike($r->head, qr{Location|/file/|[?&]k=}i, "HEAD $way: no address");
    }
}
# A password that the site files do not see is ignored, and takes no time.
my $closed = made(password => 'open sesame');
for my $query ('?password=', '?p%61ssword=open+sesame', '?password=&password=x',
    '?xpassword=open+sesame', '?password%3Dx') {
    my $r = $app->client->get(json_of($closed) . $query);
    is($r->status, 401, "$query: refused");
    like($r->json->{error}, qr/password-protected/, "$query: as no password");
}
is((grep { $_->{action} eq 'password_failed' } activity($closed)), 0,
    'and does not count as a try');
is($app->client->get(json_of($closed) . '?a=b&password=open+sesame')->status,
    200, 'one that they see works');

# Browsers within apps belong to people.
for my $app_of ('Line/13.1.0', 'Snapchat/12.0 (like Safari)',
    '[Pinterest/iOS]', 'Viber/20.0') {
    my $limited = made(max_uses => 1);
    my $r = $app->client->get(page_of($limited), headers => {
        'User-Agent' => "Mozilla/5.0 (iPhone) Safari/604.1 $app_of" });
    like($r->body, qr{<img}, "$app_of: opens it");
}
for my $robot ('facebookexternalhit/1.1 (+http://www.facebook.com/)',
    'Slackbot-LinkExpanding 1.0', 'WhatsApp/2.23.20.0',
    'Mozilla/5.0 (compatible; Discordbot/2.0)', 'TelegramBot (like Twitter)') {
    my %as = (headers => { 'User-Agent' => $robot });
    for my $link ($limited, $locked, $plain) {
        my $r = $app->client->get(page_of($link), %as);
        is($r->status, $link == $locked ? 401 : 200, "$robot: a page");
        like($r->body, qr/<title>[^<]/, "$robot: with a title");
        is(scalar $r->cookies, 0, "$robot: without a cookie");
        my $shown = $r->body =~ m{og:image|<img|/(?:file|thumb|view)/};
        is(!!$shown, $link == $plain, "$robot: a picture of the open one"
            . ' alone');
        $r = $app->client->get(json_of($link), %as);
        is($r->status == 200 ? scalar @{ $r->json->{items} } : 0,
            $link == $plain ? 1 : 0, "$robot: JSON likewise");
    }
    is($app->client->get(page_of($locked) . "?password=$word", %as)->body
        =~ m{/(?:file|thumb|view)/}, '', "$robot: with the password likewise");
}
is($app->client->get(page_of($_) . '/preview')->status, $_ == $plain ? 200
    : 404, 'the preview likewise') for $limited, $locked, $plain;
# What is counted at all is written in order.
my $after = made();
is($app->client->get(json_of($after))->status, 200, 'somebody else');
ok(T::Proc->until_true(10, sub { share_of($after)->{access_count} == 1 }),
    'is counted');
is(share_of($_)->{access_count}, 0, 'the access is not counted')
    for $limited, $locked, $plain;
is(actions($_), 'created', 'nor logged') for $limited, $locked, $plain;

# ---- a visit
my $five = made(max_uses => 2, permissions => { can_download => $yes });
$guest = $app->client;
$opened = $guest->get(page_of($five));
is($opened->status, 200, 'a visit');
for my $way (page_of($five), json_of($five), page_of($five), json_of($five),
    "/shared/media/$five->{public_token}") {
    is($guest->get($way)->status, 200, "$way: goes on");
}
@urls = signed($guest->get(json_of($five)));
for my $url (@urls, @urls) {
    is($app->client->get($url)->status, 200, 'what it shows');
    is($app->client->get($url, headers => { Range => 'bytes=5-9' })->status,
        206, 'and a part of it');
}
is(share_of($five)->{access_count}, 1, 'it is one use');
is($app->client->get(json_of($five))->status, 200, 'without cookies: another visit');
is(share_of($five)->{access_count}, 2, 'which is one too');
is(share_of($five)->{status}, 'exhausted', 'the last');
is($app->client->get(json_of($five))->status, 404, 'there are no more');
is($app->client->get(page_of($five))->status, 404, 'nor a page');
is($guest->get(page_of($five))->status, 200, 'the running visit continues');
my @last = signed($guest->get(json_of($five)));
is($app->client->get($_)->status, 200, 'with all of its media')
    for @last, @urls;
is(share_of($five)->{access_count}, 2, 'which does not count as a use');
my ($pass) = map { $guest->cookie($_) } grep { /^vitrine-/ }
    keys %{ $guest->{cookies} };
my ($ends) = $pass =~ /^(\d+)\./;
cmp_ok($ends - time, '<=', 1800, 'for half an hour');
cmp_ok($ends - time, '>', 1700, 'and not less');
for my $url (@urls, @last) {
    my ($e) = $url =~ /[?&]e=(\d+)/;
    cmp_ok($e, '<=', $ends, 'no URL outlives it');
}
is(scalar(grep { $_ eq 'limit_reached' } split / /, actions($five)), 1,
    'it is in the log once');
change($five, max_uses => 3);
is($guest->get($last[0])->status, 404, 'another limit ends the visit');

# ---- sixty at once
my $n = 60;
my $once = made(max_uses => 5);
pipe my $gate, my $open or die;
pipe my $results, my $answers or die;
my @pids = map {
    my $pid = fork // die;
    if ($pid == 0) {
        close $open;
        my @way = (json_of($once), page_of($once),
            "/shared/media/$once->{public_token}");
        sysread $gate, my $byte, 1;
        my $r = eval { $app->client->get($way[ $_ % 3 ]) };
        syswrite $answers, ($r ? $r->status : 0) . "\n";
        POSIX::_exit(0);
    }
    $pid;
} 1 .. $n;
close $_ for $gate, $open, $answers;
waitpid $_, 0 for @pids;
my %got;
$got{ $_ + 0 }++ while defined($_ = <$results>);
is_deeply(\%got, { 200 => 5, 404 => $n - 5 }, "$n at once: five get in");
is(share_of($once)->{access_count}, 5, "$n at once: five uses");
ok(T::Proc->until_true(5, sub {
    5 == grep { $_ eq 'accessed' } split / /, actions($once) }),
    "$n at once: five lines");
is(scalar(grep { $_ eq 'limit_reached' } split / /, actions($once)), 1,
    "$n at once: reached once");
is(value("SELECT GROUP_CONCAT(kind ORDER BY kind) FROM notifications n JOIN"
    . " shares s ON s.id = n.share_id WHERE s.uuid = " . hex_of($once)),
    'first_access,limit_reached', "$n at once: its owner is notified once of each");

# Another host has changed the limit a moment ago, which this pool does not know
# yet: its owner is notified of the current limit.
for ([ 3, 1 ], [ 'NULL', 0 ]) {
    my ($limit, $told) = @$_;
    my $changed = made(max_uses => $limit eq 'NULL' ? 3 : 9);
    is($app->client->get(json_of($changed))->status, 200, 'a use') for 1, 2;
    sql("UPDATE shares SET max_uses = $limit WHERE uuid = "
        . hex_of($changed));
    is($app->client->get(json_of($changed))->status, 200, 'the third');
    ok(T::Proc->until_true(10, sub {
        share_of($changed)->{access_count} == 3 }), "limit $limit: three uses");
    is(scalar(grep { $_ eq 'limit_reached' } split / /, actions($changed)),
        $told, "limit $limit: notified $told times");
}

# Guesses at once: one notification to the owner.
sql('DELETE FROM tries');
my $guessed = made(password => $word);
# Everybody waits for the same table, and goes on at the same moment.
my $holder = fork // die;
if ($holder == 0) {
    sql('LOCK TABLES notifications WRITE; DO SLEEP(2)');
    POSIX::_exit(0);
}
ok(T::Proc->until_true(5, sub { value('SELECT COUNT(*) FROM'
    . " information_schema.processlist WHERE info LIKE 'DO SLEEP%'") }),
    'the table is held');
@pids = map {
    my $pid = fork // die;
    if ($pid == 0) {
        eval { guess($guessed, "198.51.100.$_", 'wrong') };
        POSIX::_exit(0);
    }
    $pid;
} 1 .. 24;
waitpid $_, 0 for $holder, @pids;
is(value("SELECT COUNT(*) FROM notifications n JOIN shares s ON s.id ="
    . " n.share_id WHERE n.kind = 'password_failed' AND s.uuid = "
    . hex_of($guessed)), 1, 'guesses at once: its owner is notified once');

# ---- the log
my $logged = made(permissions => { can_download => $yes });
$guest = $app->client;
my ($view, $thumb, $download) = signed($guest->get(json_of($logged),
    from('203.0.113.77')));
like($download, qr/[?&]d=1/, 'an address to keep it by');
$app->client->get($download, from('203.0.113.77'), headers => $_ ? {
    Range => $_ } : {}) for undef, 'bytes=0-9', 'bytes=10-19', 'bytes=20-';
$app->client->head($download);
$app->client->get($view);
$app->client->get($thumb);
$client{bob}->get(json_of($logged), from('2001:db8:1:2:3::4'));
$app->client->get(json_of($logged), from('::ffff:198.51.100.9'));
ok(T::Proc->until_true(5, sub { share_of($logged)->{access_count} == 3 }),
    'openings are counted a moment later');
# Each process writes its own, so that the order is that of the times alone.
my @lines = sort { $a->{timestamp} cmp $b->{timestamp} } activity($logged);
is_deeply([ sort map { $_->{action} } @lines ], [ ('accessed') x 3, 'created',
    ('downloaded') x 2 ], 'what was opened and downloaded');
is_deeply([ sort keys %{ $lines[0] } ], [ sort qw(id share_id actor_id
    actor_ip action details timestamp) ], 'a line has its fields');
is($lines[0]{actor_id}, $user{ann}{uuid}, 'who made it');
is((grep { $_->{action} eq 'downloaded' } @lines)[0]{details}, 'sea.jpg',
    'what was downloaded');
my %by = map { (($_->{actor_ip} // '') => $_) }
    grep { $_->{action} eq 'accessed' } @lines;
is_deeply([ sort keys %by ], [ '198.51.100.0', '2001:db8:1::',
    '203.0.113.0' ], 'addresses, shortened');
is($by{'2001:db8:1::'}{actor_id}, $user{bob}{uuid}, 'who had signed in');
is($by{'203.0.113.0'}{actor_id}, undef, 'a guest');
# Whatever is asked for: what begins with the first byte is a download.
my $downloads = sub { scalar grep { $_->{action} eq 'downloaded' }
    activity($logged) };
for my $case ([ 1, Range => 'bytes=1-', 'If-Range' => '"none"' ],
    [ 1, Range => 'lines=1-' ], [ 1, Range => 'bytes=-99999999' ],
    [ 1, Range => 'bytes=5-9,20-29' ], [ 1, Range => 'bytes=00-' ],
    [ 0, Range => 'bytes=1-' ], [ 0, Range => 'bytes=-5' ],
    [ 0, Range => 'bytes=99999999-' ], [ 0, 'If-None-Match' => '*' ],
    [ 0, 'If-Match' => '"none"' ]) {
    my ($more, %header) = @$case;
    my $had = $downloads->();
    my $r = $app->client->get($download, headers => \%header);
    # One that is seen behind it, so that nothing is waited for in vain.
    $app->client->get($download);
    ok(T::Proc->until_true(5, sub { $downloads->() > $had + $more })
        && $downloads->() == $had + $more + 1,
        join(' ', %header) . ": $more (" . $r->status . ')');
}
change($logged, note => 'x', max_uses => 50);
is((activity($logged))[0]{details}, 'note, max_uses', 'what was changed');
is(value("SELECT COUNT(*) FROM share_activity a JOIN shares s ON s.id ="
    . " a.share_id WHERE a.action = 'accessed' AND s.uuid = "
    . hex_of($logged)), share_of($logged)->{access_count},
    'log and counter agree');
ok(share_of($logged)->{last_accessed}, 'and the last access is shown');

# ---- processes that die
my $counted = made(max_uses => 100);
my $free = made();
for (1 .. 2) {
    is($app->client->get(json_of($counted))->status, 200, 'a use') for 1 .. 6;
    is($app->client->get(json_of($free))->status, 200, 'an opening')
        for 1 .. 6;
    ok(T::Proc->until_true(5, sub { share_of_db($free) == 6 }), 'is counted')
        if $_ == 1;
}
kill 'KILL', T::Proc->children($app->pool->pid);
is(share_of_db($counted), 12, 'killed: every counted use is there');
cmp_ok(share_of_db($free), '>=', 6, 'killed: openings of before are there');
cmp_ok(share_of_db($free), '<=', 12, 'killed: none is there twice');
sub share_of_db { value('SELECT uses FROM shares WHERE uuid = '
    . hex_of($_[0])) }
ok(T::Proc->until_true(20, sub {
    (eval { $app->client->get('/healthz')->status } // 0) == 200 }),
    'the pool is there again');
my $before = share_of_db($free);
is($app->client->get(json_of($free))->status, 200, 'an opening')
    for 1 .. 9;
$app->stop;
is(share_of_db($free), $before + 9, 'ended in order: nothing is lost');

# ---- IP addresses, kept as configured
for my $case ([ full => '203.0.113.77', '2001:db8:1:2:3::4',
        '::ffff:198.51.100.9' ], [ none => undef, undef, undef ]) {
    my ($how, @want) = @$case;
    $app->{conf} = { %conf, 'activity.address' => $how };
    $app->{workers} = 1;
    $app->write_config;
    $app->start_pool;
    my $link = made(permissions => { can_download => $yes });
    my $keep = (signed($app->client->get(json_of($link))))[2];
    $app->client->get($keep) for 1 .. 2;
    ok(T::Proc->until_true(5, sub { activity($link) == 4 }), 'one process');
    is(actions($link), 'created accessed downloaded downloaded',
        'writes in the order of what came');
    $link = made(max_uses => 9);
    $app->client->get(json_of($link), from($_)) for '203.0.113.77',
        '2001:db8:1:2:3::4', '::ffff:198.51.100.9';
    ok(T::Proc->until_true(5, sub { activity($link) == 4 }), 'all noted');
    is_deeply([ map { $_->{actor_ip} } (reverse activity($link))[1 .. 3] ],
        \@want, "addresses: $how");
    $app->stop;
}

# ---- the log is kept for the configured time
$app->{conf} = { %conf, 'activity.keep' => '30d' };
$app->write_config;
$app->start_pool;
my $kept = made(max_uses => 9);
$app->client->get(json_of($kept)) for 1 .. 3;
ok(T::Proc->until_true(5, sub {
    actions($kept) eq 'created accessed accessed accessed' }), 'an old line');
sql('UPDATE share_activity SET created_at = NOW(3) - INTERVAL 31 DAY WHERE'
    . " action = 'created' AND share_id = (SELECT id FROM shares WHERE uuid ="
    . hex_of($kept) . ')');
my $old = 'SELECT COUNT(*) FROM notifications WHERE created_at <'
    . ' NOW(3) - INTERVAL 30 DAY';
sql('UPDATE notifications SET created_at = NOW(3) - INTERVAL 31 DAY LIMIT 2');
my $gone = $client{ann}->post('/api/v1/collections', json => {
    name => 'gone' })->json;
is($client{ann}->delete("/api/v1/collections/$gone->{id}")->status, 204,
    'a collection that has gone');
sql('UPDATE collections SET deleted_at = NOW(3) - INTERVAL 31 DAY');
is(value($old), 2, 'with old notifications');
$app->start_worker;
ok(T::Proc->until_true(20, sub {
    actions($kept) eq 'accessed accessed accessed' }), 'goes');
ok(T::Proc->until_true(20, sub { value($old) == 0
    && value('SELECT COUNT(*) FROM collections') == 0 }),
    'and so do they');
ok(value('SELECT COUNT(*) FROM notifications'), 'what is newer stays');

# ---- through a web server, as everybody comes; no secret is in any log
my $web = T::Nginx->new($app);
$guest = $web->client;
my $through = made(password => $word, permissions => { can_download => $yes });
is($guest->get(json_of($through))->status, 401, 'nginx: shut');
is($guest->get(json_of($through) . "?password=$word")->status, 200,
    'nginx: by the query');
is($guest->get(json_of($through), headers => {
    'X-Share-Password' => $word })->status, 200, 'nginx: by the header');
$guest = $web->client;
is($guest->post(page_of($through), form => [ password => $word ])->status,
    303, 'nginx: by the form');
$r = $guest->get(page_of($through));
is($r->status, 200, 'nginx: open');
my ($file) = $r->body =~ m{href="http://localhost(/file/[^"]*d=1[^"]*)"};
$r = $guest->get($file =~ s/&amp;/&/gr);
ok($r->body eq T::Pictures->content('IMG_1054.JPG'), 'nginx: the file');
like($r->header('Content-Disposition'), qr/^attachment/, 'nginx: as a download');
unlike($app->log . $web->log . $web->access_log,
    qr/\Q$word\E|\Q$new\E|\$argon2|[?&]k=/, 'no secret is in any log');
like($web->access_log, qr/shared/, 'which are written');
$web->stop;

$app->finish;
done_testing;
