#!/usr/bin/perl
# Download links (seed 003): created, opened, used up, sent. The limit is exact
# under concurrency; the URL in a 302 stops working with the link; and
# nothing is made or queued by a request that fails.

use strict;
use warnings;
use utf8;
use Encode qw(encode_utf8);
use JSON::PP ();
use POSIX ();
use T::App;
use T::Nginx;
use T::Pictures;
use T::Smtp;
use Test::More;

binmode $_, ':encoding(UTF-8)' for Test::More->builder->output,
    Test::More->builder->failure_output;

T::Pictures->need;
my $links = '/api/v2/shareable_links';
my $mta = T::Smtp->sink;
my $app = T::App->new(workers => 4, conf => {
    'mail.server' => 'smtp://127.0.0.1:' . $mta->{port},
    'mail.tls' => 'none', 'mail.from' => 'site@example.org',
    'mail.pause' => '1s', 'mail.hourly' => 60 });
my ($ann, $account) = $app->signed_in('ann');
my ($bob, $other) = $app->signed_in('bob');
my $web = T::Nginx->new($app);
my $key = $app->client->always('X-API-KEY', $app->key('ann'));
my $bobs = $app->client->always('X-API-KEY', $app->key('bob'));
my $guest = $app->client;
my $db = $app->db;
my $picture = T::Pictures->content('IMG_1054.JPG');

$app->drop($account, 'Uploads', "$_.jpg", content => $picture) for qw(a b);
$app->drop($other, 'Uploads', 'bobs.jpg', content => $picture);
my %file = map { $_->{originalName} => $_ } $app->files($ann);
my ($foreign) = $app->files($bob);
my $id = $file{'a.jpg'}{id};

sub body {
    my (%o) = @_;
    my $payload = exists $o{payload} ? delete $o{payload}
        : { media_id => $id, filename => 'photo.jpg',
            map { $_ => delete $o{$_} }
                grep { exists $o{$_} } qw(media_id filename asset_id) };
    return { expiry_date => '2099-12-31', limit => 5, payload => $payload, %o };
}
sub made {
    my $r = $key->post($links, json => body(@_));
    is($r->status, 200, 'a link') or BAIL_OUT($r->body);
    return $r->json;
}
sub path { $_[0] =~ s{^http://localhost}{}r }
sub opened { $guest->get(path($_[0]{url})) }
sub rows { join ' ', map { $db->value("SELECT COUNT(*) FROM $_") }
    qw(shares share_items outbox jobs share_activity) }

# ---- the seed's example
my $link = made(filename => 'test_file', asset_id => $file{'a.jpg'}{uuid});
is_deeply([ sort keys %$link ], [qw(filename id url)], 'as in the seed');
is($link->{filename}, 'test_file', 'the name');
like($link->{url}, qr{^http://localhost$links/[0-9a-f-]{36}$}, 'the address');
my $r = opened($link);
is($r->status, 302, 'opens');
like($r->header('Content-Type'), qr{^text/html}, 'as HTML');
my $to = $r->header('Location');
like($r->body, qr{^<html><body>You are being <a href="[^"]+">redirected</a>.</body></html>$},
    'with the body of the seed');
is($r->body =~ /href="([^"]+)"/ && $1 =~ s/&amp;/&/gr, $to,
    'to the same address');
$r = $guest->get(path($to));
is($r->status, 200, 'which is open');
ok($r->body eq $picture, 'and the file');
is($r->header('Content-Disposition'), 'attachment; filename="test_file"',
    'under its name');
my ($until) = $to =~ /[?&]e=(\d+)/;
cmp_ok(abs($until - time - 900), '<', 30, 'for a quarter of an hour');
$r = $guest->get(path($to), headers => { Range => 'bytes=10-19' });
is($r->status, 206, 'in ranges too');
is($r->body, substr($picture, 10, 10), 'these bytes');
is($web->client->always('X-API-KEY', $app->key('ann'))->post($links,
    json => body())->status, 200, 'nginx: made at its very address');
$r = $web->client->get(path($to));
ok($r->body eq $picture, 'through nginx as well');

# ---- names
for my $name ('naïve "quoted" \'.jpg', 'תמונה 😀.png', 'a%2Fb & c?.jpg', '.x') {
    my $l = made(filename => $name);
    is($l->{filename}, $name, "$name: in the answer");
    my $f = $guest->get(path(opened($l)->header('Location')));
    is($f->status, 200, "$name: opens");
    my ($starred) = ($f->header('Content-Disposition') // '')
        =~ /filename\*=UTF-8''(\S+)/;
    my ($plain) = $f->header('Content-Disposition') =~ /filename="((?:\\.|[^"])*)"/;
    my $got = defined $starred ? $starred =~ s/%(..)/chr hex $1/ger
        : encode_utf8($plain =~ s/\\(.)/$1/gr);
    is($got, encode_utf8($name), "$name: is the name of the download");
}

# ---- HEAD, robots, unknown keys
$link = made(limit => 1);
for (1 .. 3) {
    $r = $guest->head(path($link->{url}));
    is($r->status, 200, 'HEAD: the link works');
    is($r->header('Location'), undef, 'and says no more');
    is($r->body, '', 'nor in a body');
}
$r = $guest->get(path($link->{url}),
    headers => { 'User-Agent' => 'Slackbot-LinkExpanding 1.0' });
is($r->status, 200, 'a robot');
unlike($r->head . $r->body, qr{/file/}, 'gets no address');
is(opened($link)->status, 302, 'none of them used it up');
$r = opened($link);
is($r->status, 404, 'which there was');
is($r->body, '{"error":"Link not found or has expired"}', 'in these words');
is($key->get(path($link->{url}))->body, $r->body, 'to its owner too');
is($guest->head(path($link->{url}))->status, 404, 'HEAD: not any more');
# One that the pool has cached, since it was opened before.
$link = made(limit => 3);
is(opened($link)->status, 302, "one of three: $_") for 1 .. 3;
is($guest->head(path($link->{url}))->status, 404, 'HEAD: used up');
is($guest->get(path($link->{url}), headers => {
    'User-Agent' => 'Slackbot-LinkExpanding 1.0' })->status, 404,
    'for a robot too');
for my $name ('invalid_key', '00000000-0000-4000-8000-000000000000', '%00') {
    my $n = $guest->get("$links/$name");
    like($n->status, qr/^40[04]$/, "$name is refused");
    is($n->body, $r->body, 'alike') if $name !~ /%/;
}

# ---- expired and revoked: at once
$link = made();
my $out = path(opened($link)->header('Location'));
$db->rows("UPDATE shares SET expires_at = NOW(3) - INTERVAL 1 SECOND"
    . " WHERE id = $link->{id}");
is(opened($link)->status, 404, 'expired');
is($guest->get($out)->status, 404, 'and URLs handed out before');
$link = made();
$out = path(opened($link)->header('Location'));
my ($share) = grep { $_->{public_token} eq $link->{url} =~ s{.*/}{}r }
    @{ $ann->get('/api/v1/shares/outgoing')->json };
ok($share, 'it is listed among the shares');
is($share->{max_uses}, 5, 'with its limit');
is($share->{access_count}, 1, 'and its use');
is($guest->get("/s/$share->{public_token}")->status, 200,
    'whose page opens too');
is($ann->delete("/api/v1/shares/$share->{id}")->status, 204, 'revoked there');
is(opened($link)->status, 404, 'and here');
is($guest->get($out)->status, 404, 'with all that came of it');

# Shares with a password, sets and view-only shares are not download links.
for my $case ([ {}, 404 ], [ { can_download => JSON::PP::true }, 302 ],
    [ { can_download => JSON::PP::true }, 404, password => 'locked' ]) {
    my ($permissions, $want, %more) = @$case;
    my $s = $ann->post('/api/v1/shares', json => { target_type => 'media',
        target_id => $file{'b.jpg'}{uuid}, recipient_type => 'public_link',
        permissions => $permissions, %more })->json;
    is($guest->get("$links/$s->{public_token}")->status, $want,
        join ' ', 'another share:', keys %$permissions, keys %more);
}

# ---- the limit: a thousand at once, a hundred get in
$link = made(limit => 100);
my $path = path($link->{url});
pipe my $in, my $tell or die;
my @pids = map {
    my $pid = fork // die;
    if ($pid == 0) {
        my %n;
        $n{ eval { $app->client->get($path)->status } // "died: $@" }++
            for 1 .. 50;
        syswrite $tell, join('', map { "$_ $n{$_}\n" } keys %n);
        POSIX::_exit(0);
    }
    $pid;
} 1 .. 20;
close $tell;
my %n;
while (<$in>) { my ($s, $n) = /^(.*) (\d+)$/; $n{$s} += $n }
waitpid $_, 0 for @pids;
is_deeply(\%n, { 302 => 100, 404 => 900 }, 'a hundred of a thousand get in');
is($db->value("SELECT uses FROM shares WHERE id = $link->{id}"), 100,
    'and are counted');
is($db->value("SELECT COUNT(*) FROM share_activity WHERE share_id ="
    . " $link->{id} AND action = 'accessed'"), 100, 'and logged, each');
is($db->value("SELECT COUNT(*) FROM share_activity WHERE share_id ="
    . " $link->{id} AND action = 'limit_reached'"), 1, 'the last one once more');

# ---- errors
my $was = rows();
my @wrong = (
    [ expiry_date => body(expiry_date => undef) ],
    (map { [ expiry_date => body(expiry_date => $_) ] } 5, '', 'tomorrow',
        '2020-01-01', '10000-01-01', '2026-02-30', '2020-01-01T00:00:00Z', []),
    (map { [ limit => body(limit => $_) ] } undef, 0, -1, 1.5, '5', [],
        JSON::PP->new->allow_bignum->decode('9223372036854775808')),
    (map { [ payload => body(payload => $_) ] } undef, 'x', [], 5),
    [ 'payload.media_id', body(payload => { filename => 'x' }) ],
    (map { [ 'payload.media_id', body(media_id => $_) ] } undef, "$id x", 1.5,
        {}),
    [ 'payload.filename', body(payload => { media_id => $id }) ],
    (map { [ 'payload.filename', body(filename => $_) ] } undef, '', 5,
        "a\r\nb", "a\nb", 'a/b', 'a\\b', '..', 'x' x 1000, "a\x{7f}"),
    [ 'payload.asset_id', body(asset_id => 5) ],
);
for my $case (@wrong) {
    my ($field, $json) = @$case;
    $r = $key->post($links, json => $json);
    my $told = JSON::PP->new->canonical->allow_nonref->encode($json);
    is($r->status, 422, '422: ' . substr $told, 0, 100) or diag($r->body);
    is($r->json->{field}, $field, 'names the field');
}
for my $case ([ media_id => $foreign->{id} ], [ media_id => 999999 ],
    [ media_id => 0 ], [ media_id => -1 ], [ asset_id => 'invalid_id' ],
    [ asset_id => $file{'b.jpg'}{uuid} ], [ asset_id => '' ]) {
    $r = $key->post($links, json => body(@$case));
    is($r->status, 400, "400: @$case");
    is($r->json->{error}, 'asset not found', 'in the words of the seed');
}
$r = $key->post($links);
is($r->status, 422, 'no body');
is($key->post($links, json => [])->status, 400, 'no object');
is($key->post($links, body => '<x/>', headers => {
    'Content-Type' => 'application/xml' })->status, 415, 'XML');
is($guest->post($links, json => body())->status, 401, 'nobody');
my $narrow = $app->client->always('X-API-KEY', $app->key('ann', 'shares'));
is($narrow->post($links, json => body())->status, 403, 'a key without links');
is($bobs->post($links, json => body())->json->{error}, 'asset not found',
    "another's media");
is(rows(), $was, 'nothing was made by all this');

my $uuid = $file{'a.jpg'}{uuid} =~ tr/-//dr;
my $base64 = MIME::Base64::encode_base64url(pack 'H*', $uuid)
    if require MIME::Base64;
ok(made(asset_id => $base64), 'the asset by its UUID in base64url');
ok(made(expiry_date => '2099-01-01T10:00:00+02:00'), 'an RFC 3339 time');
$link = made(expiry_date => POSIX::strftime('%Y-%m-%d', gmtime));
is(opened($link)->status, 302, 'today is valid until its end');

# ---- by e-mail
my @two = (made(filename => 'one.jpg'), made(filename => 'two <b>&.jpg'));
my @to = ('test1@example.org', 'test2@example.org');
sub sent { $key->post("$links/share", json => { recipients => \@to,
    shareable_link_ids => [ map { $_->{id} } @two ], @_ }) }
$r = sent(message => "Hello 😀\n.\nFrom me <b>");
is($r->status, 200, 'sent') or diag($r->body);
is_deeply($r->json, { message => 'Shareable links sent' }, 'as in the seed');
is($db->value('SELECT COUNT(*) FROM outbox'), 2, 'a mail for each, at once');
ok(T::Proc->until_true(20, sub { $mta->kept >= 2 }), 'they arrive');
my %got = map { $_->{to}[0][1] => $_ } map { T::Smtp->parse($_) } $mta->kept;
is_deeply([ sort keys %got ], \@to, 'one at each address');
for my $m (values %got) {
    for my $part (@$m{qw(text html)}) {
        my $plain = $part =~ s/&amp;/&/gr =~ s/&lt;/</gr =~ s/&gt;/>/gr;
        like($plain, qr/\Q$_->{url}\E/, 'with each link') for @two;
        like($plain, qr/\Q$_->{filename}\E/, 'and its name') for @two;
        like($plain, qr/Hello 😀/, 'and the message');
    }
    unlike($m->{html}, qr/From me <b>/, 'escaped');
}
$r = $key->get("$links/$two[0]{id}/deliveries");
is($r->status, 200, 'its deliveries');
ok(T::Proc->until_true(10, sub { 2 == grep { $_->{state} eq 'sent' }
    @{ $key->get("$links/$two[0]{id}/deliveries")->json } }), 'sent, both');
is_deeply([ sort map { $_->{recipient} } @{ $r->json } ], \@to, 'to whom');
is($bobs->get("$links/$two[0]{id}/deliveries")->status, 404, "another's");
is($key->get("$links/999999/deliveries")->status, 404, 'none');

$was = rows();
my $gone = made();
$db->rows("UPDATE shares SET revoked_at = NOW(3) WHERE id = $gone->{id}");
my ($bobs_link) = $bobs->post($links, json => body(media_id =>
    $foreign->{id}))->json->{id};
$was = rows();
for my $ids ([], [ 'invalid_id' ], [ $two[0]{id}, 'x' ], [ 999999 ], [ -1 ],
    [ $two[0]{id}, $bobs_link ], [ 1.5 ], [ undef ], [ {} ], [ $gone->{id} ],
    [ $two[0]{id}, 2 ** 70 ]) {
    $r = sent(shareable_link_ids => $ids);
    my $told = JSON::PP->new->encode($ids);
    is($r->status, 400, "$told: no links") or diag($r->body);
    is($r->json->{error}, 'No shareable links found', 'in the seed\'s words');
}
$r = $key->post("$links/share", json => { recipients => \@to });
is($r->status, 400, 'no ids at all');
for my $case ([ recipients => undef ], [ recipients => 'a@example.org' ],
    [ recipients => [] ], [ recipients => {} ], [ recipients => [ 5 ] ],
    [ recipients => [ map { "u$_\@example.org" } 1 .. 51 ] ],
    [ recipients => [ map { "u$_\@example.org" } 1 .. 9000 ] ],
    [ recipients => [ ('same@example.org') x 50 ] ],
    [ recipients => [ 'same@example.org', 'SAME@EXAMPLE.org' ] ],
    (map { [ recipients => [ $to[0], $_ ] ] } '', 'x', 'a@', '@b.org',
        "a\@example.org\r\nBcc: eve\@example.org", "a\n\@example.org",
        'a@example.org, b@example.org', 'A <a@example.org>', 'a@b@c.org',
        'x' x 65 . '@example.org', 'a@' . 'b' x 300 . '.org', "a\x{0}\@b.org"),
    [ message => 5 ], [ message => 'x' x 4001 ], [ message => "a\x{1}b" ],
    [ shareable_link_ids => 'x' ], [ shareable_link_ids => {} ]) {
    my ($field, $value) = @$case;
    $r = sent($field => $value);
    my $told = substr JSON::PP->new->allow_nonref->encode($value), 0, 60;
    $told =~ s/([^ -~])/sprintf '\\x%x', ord $1/ge;
    like($r->status, qr/^4(00|22)$/, "$field: $told") or diag($r->body);
    is($r->json->{field} // 'body', $field, 'named')
        if $r->status == 422;
}
is(sent(message => 'x' x 10_000_000)->status, 413, 'ten megabytes');
is(rows(), $was, 'nothing was queued by all this');

# The hourly limit is exact, also under concurrency.
$was = $db->value('SELECT COUNT(*) FROM outbox');
@pids = map {
    my $pid = fork // die;
    if ($pid == 0) {
        my $c = $app->client->always(%{ $key->{headers} });
        $c->post("$links/share", json => { shareable_link_ids =>
            [ $two[0]{id} ], recipients => [ map { "p$_\@example.org" }
                1 .. 10 ] });
        POSIX::_exit(0);
    }
    $pid;
} 1 .. 8;
waitpid $_, 0 for @pids;
is($db->value('SELECT COUNT(*) FROM outbox'), 52,
    'as many complete requests as fit into sixty');
$r = sent(recipients => [ map { "q$_\@example.org" } 1 .. 10 ]);
is($r->status, 429, 'no more within the hour');
cmp_ok($r->header('Retry-After'), '>', 0, 'and how long to wait');

$app->finish;
done_testing;
