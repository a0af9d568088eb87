#!/usr/bin/perl
# Tokens of the external issuer: valid ones of both algorithms, made by another
# library, and forged ones of every kind.

use strict;
use warnings;
use Digest::SHA qw(hmac_sha256);
use JSON::PP ();
use MIME::Base64 qw(encode_base64url decode_base64url);
use T::App;
use T::Proc;
use T::Site;
use Test::More;

my $iss = 'https://login.example.org/';
my $aud = 'vitrine.example.org';
my $keys = T::Proc->folder('keys');

# PyJWT signs; it reads its orders as JSON and answers with the tokens. The
# keys are made by the first run.
my $maker = <<'END';
import json, os, sys, jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives import serialization as s

folder = sys.argv[1]
def make(name, key):
    with open(f"{folder}/{name}.key", "wb") as f:
        f.write(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8,
            s.NoEncryption()))
    with open(f"{folder}/{name}.pem", "wb") as f:
        f.write(key.public_key().public_bytes(s.Encoding.PEM,
            s.PublicFormat.SubjectPublicKeyInfo))
def key(name):
    if not os.path.exists(f"{folder}/{name}.key"):
        for n in ("rsa", "other-rsa"):
            make(n, rsa.generate_private_key(65537, 2048))
        for n in ("ec", "other-ec"):
            make(n, ec.generate_private_key(ec.SECP256R1()))
    return open(f"{folder}/{name}.key").read()
print(json.dumps([jwt.encode(o["claims"],
    o.get("secret") or (key(o["key"]) if o.get("key") else None),
    algorithm=o["alg"], headers=o.get("headers"))
    for o in json.load(sys.stdin)]))
END
my ($python) = grep { -x } '/usr/bin/python3';
my ($has) = $python ? T::Proc->run(command => [ $python, '-c',
    'import jwt, cryptography' ]) : (1);
if ($has != 0) {
    die "python3-jwt and python3-cryptography are needed\n"
        if $ENV{VITRINE_TEST_ALL};
    plan(skip_all => 'there is no PyJWT');
}

sub tokens {
    my (@orders) = @_;
    my ($status, $out, $err) = T::Proc->run(input =>
        JSON::PP->new->utf8->encode(\@orders),
        command => [ $python, '-c', $maker, "$keys" ]);

    die "PyJWT: $err" if $status;
    return @{ JSON::PP->new->utf8->decode($out) };
}
sub b64 { return encode_base64url($_[0], '') =~ tr/=//dr }
sub json { return JSON::PP->new->utf8->canonical->encode($_[0]) }

# A token put together by hand: header, claims, and the key of its HMAC.
sub by_hand {
    my ($header, $claims, $secret) = @_;
    my $text = b64(json($header)) . '.' . b64(json($claims));

    return "$text." . (defined $secret ? b64(hmac_sha256($text, $secret))
        : '');
}

# The times are far from now, so that no test depends on its own pace.
my %good = (iss => $iss, aud => $aud, sub => 'ann@login', exp => time + 86400,
    nbf => time - 86400, iat => time - 86400);
sub claims {
    my (%change) = @_;
    my %c = (%good, %change);

    delete @c{ grep { !defined $c{$_} } keys %c };
    return \%c;
}

tokens({ alg => 'RS256', key => 'rsa', claims => claims() });
T::Proc::own("$keys", glob "$keys/*");
my $app = T::App->new(worker => 0, conf => { 'issuer.url' => $iss,
    'issuer.audience' => $aud, 'issuer.algorithm' => 'RS256',
    'issuer.key_file' => "$keys/rsa.pem" });
my ($client, $ann) = $app->signed_in('ann');
my $bob = $app->user('bob');

sub ask {
    my ($token) = @_;
    return $app->client->always(Authorization => "Bearer $token")
        ->get('/api/auth/me');
}
sub taken {
    my ($name, $token, $user) = @_;
    my $r = ask($token);

    is($r->status, 200, "taken: $name") or diag($r->body);
    is($r->status == 200 && $r->json->{user}{username}, $user // 'ann',
        "taken: $name: as the right account");
}
sub refused {
    my ($name, $token) = @_;
    my $r = ask($token);

    is($r->status, 401, "refused: $name") or diag($r->body);
}

# ---- who is who
my ($plain) = tokens({ alg => 'RS256', key => 'rsa', claims => claims() });
refused('a subject that is tied to nobody', $plain);
$app->admin_ok('subject', 'add', 'ann', 'ann@login');
$app->admin_ok('subject', 'add', 'bob', '42');
taken('once it is tied', $plain);
my ($status, undef, $err) = $app->admin('subject', 'add', 'bob', 'ann@login');
isnt($status, 0, 'a subject is tied once');
like($err, qr/belongs/, 'and the refusal says so');
($status, undef, $err) = $app->admin('subject', 'add', 'nobody', 'x');
isnt($status, 0, 'nor to an unknown account');
my $list = JSON::PP->new->utf8->decode($app->admin_ok('subject', 'list',
    '--json'));
is_deeply([ sort map { "$_->{username} $_->{issuer} $_->{subject}" } @$list ],
    [ "ann $iss ann\@login", "bob $iss 42" ], 'the list for scripts');
like($app->admin_ok('subject', 'list'), qr/^ann .*ann\@login$/m,
    'the list for people');

# ---- valid ones
my $i = 0;
my @taken = (
    [ 'an audience among several', claims(aud => [ 'other', $aud ]) ],
    [ 'without nbf', claims(nbf => undef) ],
    [ 'another subject', claims(sub => '42'), {}, 'bob' ],
    # A header that says where to find the key is ignored.
    [ 'headers that point elsewhere', claims(), {
        kid => "../../../../../../dev/null' OR 1=1",
        jku => 'http://127.0.0.1:1/keys', x5u => 'http://127.0.0.1:1/cert',
        jwk => { kty => 'oct', k => 'AAAA' }, x5c => ['AAAA'] } ],
    [ 'a claim of a role', claims(role => 'admin', roles => ['admin'],
        scope => 'admin', gen => 99, user_id => 2, username => 'bob') ],
);
my @made = tokens(map { { alg => 'RS256', key => 'rsa', claims => $_->[1],
    headers => $_->[2] } } @taken);
for my $case (@taken) {
    taken($case->[0], $made[ $i++ ], $case->[3]);
}
is(ask($made[-1])->json->{user}{role}, 'user', 'which grants no role');
is($app->client->always(Authorization => "Bearer $made[-1]")
    ->get('/api/community/reports')->status, 403, 'nor a moderator');
is($app->client->always(Authorization => "Bearer $plain")
    ->get('/api/user/media')->status, 200, 'it opens the vault');

# ---- forged and foreign ones
my @refused = (
    [ 'expired', claims(exp => time - 3600) ],
    [ 'expired in 1970', claims(exp => 0) ],
    [ 'a negative exp', claims(exp => -1) ],
    [ 'no exp', claims(exp => undef) ],
    [ 'exp as a text', claims(exp => '' . (time + 86400)) ],
    [ 'nbf in the future', claims(nbf => time + 3600) ],
    [ 'nbf in the future, with a fraction', claims(nbf => time + 3600.5) ],
    [ 'nbf as a text', claims(nbf => 'tomorrow') ],
    [ 'another iss', claims(iss => 'https://evil.example/') ],
    [ 'the iss without its slash', claims(iss => $iss =~ s{/$}{}r) ],
    [ 'our own iss', claims(iss => 'http://localhost', sub => '1',
        aud => 'vitrine-api', gen => 1) ],
    [ 'no iss', claims(iss => undef) ],
    [ 'iss as an array', claims(iss => [$iss]) ],
    [ 'another aud', claims(aud => 'other.example.org') ],
    [ 'no aud', claims(aud => undef) ],
    [ 'an empty aud', claims(aud => []) ],
    [ 'aud of the wrong type', claims(aud => { $aud => 1 }) ],
    [ 'an array of the wrong type', claims(aud => [ $aud, 5 ]) ],
    [ 'aud with more behind it', claims(aud => "$aud.evil.example") ],
    [ 'an unknown subject', claims(sub => 'carl@login') ],
    [ 'a subject with a trailing blank', claims(sub => 'ann@login ') ],
    [ 'a subject in another case', claims(sub => 'Ann@login') ],
    [ 'a subject with a NUL', claims(sub => "ann\@login\0") ],
    [ 'an empty subject', claims(sub => '') ],
    [ 'no subject', claims(sub => undef) ],
    [ 'a number as subject', claims(sub => 42) ],
    [ 'a subject of 300 characters', claims(sub => 'a' x 300) ],
    [ 'an extension that must be understood', claims(),
        { crit => ['exotic'], exotic => 1 } ],
);
@made = tokens(map { { alg => 'RS256', key => 'rsa', claims => $_->[1],
    headers => $_->[2] } } @refused);
$i = 0;
refused($_->[0], $made[ $i++ ]) for @refused;

my ($other, $rs384, $ps256, $es256) = tokens(
    { alg => 'RS256', key => 'other-rsa', claims => claims() },
    { alg => 'RS384', key => 'rsa', claims => claims() },
    { alg => 'PS256', key => 'rsa', claims => claims() },
    { alg => 'ES256', key => 'ec', claims => claims() });
refused('another key', $other);
refused('RS384 with the right key', $rs384);
refused('PS256 with the right key', $ps256);
refused('ES256 where RS256 is set', $es256);

my $pem = T::Site::slurp("$keys/rsa.pem");
my %jwt = (typ => 'JWT');
refused('alg none', by_hand({ %jwt, alg => 'none' }, claims()));
refused('alg None', by_hand({ %jwt, alg => 'None' }, claims()));
refused('alg none without the last dot', by_hand({ %jwt, alg => 'none' },
    claims()) =~ s/\.$//r);
refused('no alg', by_hand({%jwt}, claims()));
refused('HS256 by the public key', by_hand({ %jwt, alg => 'HS256' }, claims(),
    $pem));
refused('HS256 by the public key on one line', by_hand({ %jwt,
    alg => 'HS256' }, claims(), $pem =~ s/\n//gr));
refused('HS256 by any key', by_hand({ %jwt, alg => 'HS256' }, claims(),
    'secret'));
refused('HS256 by an empty key', by_hand({ %jwt, alg => 'HS256' }, claims(),
    ''));
my ($head, $body, $signature) = split /\./, $plain;
refused('a changed payload', "$head."
    . b64(json(claims(sub => '42'))) . ".$signature");
refused('a changed header', b64(json({ alg => 'RS256', typ => 'jwt' }))
    . ".$body.$signature");
refused('RS256 in the header alone', b64(json({ %jwt, alg => 'HS256' }))
    . ".$body.$signature");
refused('no signature', "$head.$body.");
refused('half of a signature', "$head.$body."
    . substr $signature, 0, length($signature) / 2);
refused('a fourth part', "$plain.$signature");
refused($_, $_) for 'x', '..', '.' x 50, "$head..$signature";
my $long = ask(by_hand({ %jwt, alg => 'RS256' },
    claims(more => 'x' x 75000), 'x'));
ok($long && $long->status >= 400 && $long->status < 500,
    'refused: 100 KB of token');
my ($padded) = tokens({ alg => 'RS256', key => 'rsa',
    claims => claims(more => 'x' x 20000) });
$long = ask($padded);
ok($long && $long->status >= 400 && $long->status < 500,
    'refused: a good one of 27 KB');

# ---- the site's own tokens beside it
my $own = $app->client->post('/api/auth/token', json => {
    username => 'ann', password => $ann->{password} })->json->{access_token};
taken('our own', $own);
my ($hex) = T::Site::slurp($app->dir . '/secrets') =~ /^key ([0-9a-f]+)/m
    or die 'no key';
my (undef, $ours) = map { JSON::PP->new->decode(decode_base64url($_)) }
    (split /\./, $own)[0, 1];
is($ours->{iss}, 'http://localhost', 'with its issuer');
refused('our own, its issuer changed', join '.',
    (split /\./, $own)[0], b64(json({ %$ours, iss => $iss, aud => $aud,
        sub => 'ann@login' })), (split /\./, $own)[2]);
refused("our kind by the other's key", by_hand({ %jwt, alg => 'HS256' },
    $ours, $pem));
refused('our kind by the secret as it lies in the file', by_hand({ %jwt,
    alg => 'HS256' }, { %$ours, iss => $iss }, $hex));
my ($theirs) = tokens({ alg => 'RS256', key => 'rsa', claims => $ours });
refused("our words by the other's key", $theirs);

# ---- the account's state
$app->admin_ok('user', 'disable', 'ann');
refused('a disabled account', $plain);
$app->admin_ok('user', 'enable', 'ann');
taken('enabled again', $plain);
$app->admin_ok('subject', 'remove', 'ann@login');
refused('a subject that was removed', $plain);
($status) = $app->admin('subject', 'remove', 'ann@login');
isnt($status, 0, 'and is not there any more');
$app->admin_ok('subject', 'add', 'ann', 'ann@login');
taken('tied again', $plain);
is($app->client->get('/api/auth/me')->status, 401, 'no token, no account');

# ---- the other algorithm
$app->stop;
@{ $app->{conf} }{qw(issuer.algorithm issuer.key_file)} =
    ('ES256', "$keys/ec.pem");
$app->write_config;
$app->start_pool;
taken('ES256', $es256);
my ($other_ec) = tokens({ alg => 'ES256', key => 'other-ec',
    claims => claims() });
refused('ES256: another key', $other_ec);
refused('RS256 where ES256 is set', $plain);
refused('ES256: HS256 by the public key', by_hand({ %jwt, alg => 'HS256' },
    claims(), T::Site::slurp("$keys/ec.pem")));
($head, $body, $signature) = split /\./, $es256;
refused('ES256: a signature of zeros', "$head.$body." . b64("\0" x 64));
refused('ES256: an empty signature', "$head.$body.");
refused('ES256: a changed payload', "$head."
    . b64(json(claims(sub => '42'))) . ".$signature");
taken('ES256: our own beside it', $app->client->post('/api/auth/token',
    json => { username => 'bob', password => $bob->{password} })
    ->json->{access_token}, 'bob');

# ---- subjects of another issuer are different
$app->stop;
$app->{conf}{'issuer.url'} = 'https://other.example.org/';
$app->write_config;
$app->start_pool;
my ($moved) = tokens({ alg => 'ES256', key => 'ec',
    claims => claims(iss => 'https://other.example.org/') });
refused('a subject that was tied under another issuer', $moved);

# ---- settings that cannot work
for my $case ([ qr/audience/, 'issuer.audience' => '' ],
    [ qr/algorithm/, 'issuer.algorithm' => 'HS256' ],
    [ qr/algorithm/, 'issuer.algorithm' => 'none' ],
    [ qr/key_file/, 'issuer.key_file' => '' ],
    [ qr/key_file/, 'issuer.key_file' => "$keys/nothing.pem" ],
    [ qr/key_file/, 'issuer.key_file' => "$keys/ec.key" ],
    [ qr/url/, 'issuer.url' => 'http://localhost' ]) {
    my ($words, $name, $value) = @$case;
    local $app->{conf} = { %{ $app->{conf} }, $name => $value };
    $app->write_config;
    my ($status, undef, $err) = T::Proc->run(command => [
        $app->program('vitrine.fcgi'), '--config', $app->config,
        '--listen', $app->dir . '/never.sock' ]);
    isnt($status, 0, "it does not start: $name = $value");
    like($err, $words, 'and says why');
}
$app->write_config;
unlike($app->log, qr/\Q$signature\E|\Q$own\E/, 'no token is in the log');

$app->finish;
done_testing;
