#!/usr/bin/perl
# Who may what: every route of the table, with every kind of caller, against
# t/who.txt; and what is refused has changed nothing. A route without its rows
# there fails.

use strict;
use warnings;
use Compress::Zlib qw(compress crc32);
use File::Find qw(find);
use IPC::Open2 qw(open2);
use JSON::PP ();
use MIME::Base64 qw(decode_base64url encode_base64url);
use T::App;
use T::Site;
use Test::More;

# ---- the table
my (@callers, %rows, @sections, $section);
for (split /\n/, T::Site::slurp("$ENV{top_srcdir}/t/who.txt")) {
    next if /^\s*(#|$)/;
    my ($first, @cells) = split;
    if ($first eq 'caller') {
        @callers = @cells;
    } elsif ($first =~ /^[A-Z]+$/) {
        $section = "$first $cells[0]";
        push @sections, $section;
    } else {
        push @{ $rows{$section} }, [ $first, @cells ];
    }
}
my $table = T::Site::slurp("$ENV{top_srcdir}/src/api/routes.def");
$table =~ s{/\*.*?\*/}{}gs;
my @routes = map { [ split /\s*,\s*/, tr/"//dr ] } $table =~ /^R\((.*)\)$/gm;
my %route = map { ("$_->[0] $_->[1]" => $_) } @routes;

is_deeply([ grep { !$rows{$_} } sort keys %route ], [],
    'every route is in the table');
is_deeply([ grep { !$route{$_} } @sections ], [], 'and nothing else');
is_deeply([ map { my $s = $_; map { "$s: $_->[0]" } grep {
    @$_ != 1 + @callers || grep { !/^([1-5]\d\d|-)$/ } @$_[ 1 .. $#$_ ]
    } @{ $rows{$s} } } @sections ], [],
    'each row has a status for each caller');
is_deeply([ map { my $s = $_; map { "$s: $callers[$_]" } grep { my $i = $_ + 1;
    !grep { $_->[$i] ne '-' } @{ $rows{$s} } } 0 .. $#callers } @sections ],
    [], 'each caller tries each route');

# ---- the site and its people
my $app = T::App->new(worker => 0, conf => { 'session.login_tries' => 1000,
    'mail.server' => 'smtp://127.0.0.1:9', 'mail.from' => 'site@example.org',
    'mail.hourly_resets' => 1000 });
my %yes = (shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
    tags => ['nature']);

sub need {
    my ($r, $status, $what) = @_;
    $r->status == $status or BAIL_OUT("$what: " . $r->status . $r->body);
    return $r->status == 204 ? undef : $r->json;
}

# A small PNG, another one each time.
my $pictures = 0;
sub picture {
    my $chunk = sub { pack('N', length $_[1]) . "$_[0]$_[1]"
        . pack 'N', crc32("$_[0]$_[1]") };
    my $seed = ++$pictures;
    my $pixels = join '', map { my $y = $_;
        "\0" . join '', map { chr(($_ * $seed + $y * 5) & 255) } 0 .. 191
    } 0 .. 47;

    return "\x89PNG\r\n\x1a\n"
        . $chunk->('IHDR', pack 'NNCCCCC', 64, 48, 8, 2, 0, 0, 0)
        . $chunk->('IDAT', compress($pixels)) . $chunk->('IEND', '');
}

sub upload {
    my ($client, $name) = @_;
    return need($client->post('/api/user/media', multipart => [ file => {
        filename => "$name.png", body => picture() } ]), 201, 'upload')
        ->{files}[0];
}

my ($ann_first, $ann) = $app->signed_in('ann');
my ($dora_client, $dora) = $app->signed_in('dora');
$app->user($_) for qw(eve max);
$app->admin_ok('user', 'role', 'max', 'moderator');
my $max = $app->client;
need($max->login('max', 'the password of max'), 200, 'max');

# What there is of each person: media in every state, with their share codes,
# community records and signed addresses.
sub things {
    my ($client) = @_;
    my %t = map { $_ => upload($client, $_) }
        qw(live shared shown hidden deleted revoked expired);

    for my $state (qw(shared shown hidden deleted revoked expired)) {
        my $r = need($client->post("/api/media/$t{$state}{id}/share",
            json => $state =~ /shown|hidden/ ? \%yes : {}), 200, $state);
        $t{$state} = { %{ $t{$state} }, code => $r->{shareCode},
            community => $r->{communityMediaId} };
        my $page = need($app->client->get("/shared/media/$r->{shareCode}"),
            200, 'page');
        $t{$state}{link} = $page->{url};
        $t{$state}{thumb} = $page->{thumbnailUrl};
    }
    need($max->post("/api/community/media/$t{hidden}{community}/takedown",
        json => { block => JSON::PP::false }), 204, 'take down');
    need($client->delete("/api/user/media/$t{deleted}{id}"), 204, 'delete');
    need($client->delete("/api/media/$t{revoked}{id}/share"), 204, 'unshare');
    $app->db->rows("UPDATE shares SET expires_at = NOW(3) - INTERVAL 1 SECOND"
        . " WHERE code_media_id = $t{expired}{id}");
    return \%t;
}

my $session = 'SELECT MAX(id) FROM sessions';
sub signed_in {
    my ($name, $password) = @_;
    my $client = $app->client;
    need($client->login($name, $password), 200, $name);
    return ('Cookie', 'connect.sid=' . $client->cookie('connect.sid'));
}
sub token_of {
    my ($name, $password) = @_;
    return need($app->client->post('/api/auth/token', json => {
        username => $name, password => $password }), 200, 'token')
        ->{access_token};
}

my %thing = (ann => things($ann_first), dora => things($dora_client));
my %by;
my $password = 'another password of ann';
my @scopes = qw(media:read media:write media:generated shares links community);
my %narrow = map { my $lacks = $_;
    ($lacks => [ 'X-API-KEY', $app->key('ann', grep { $_ ne $lacks } @scopes) ])
} @scopes;
$narrow{none} = [ 'X-API-KEY', $app->key('ann', 'links') ];

my $old = token_of('ann', $ann->{password});
need($ann_first->put('/api/auth/password', json => {
    current => $ann->{password}, new => $password }), 204, 'password');
my $token = token_of('ann', $password);
my (undef, $claims) = split /\./, $token;
$by{nobody} = [];
$by{owner} = [ signed_in('ann', $password) ];
$by{other} = [ signed_in('eve', 'the password of eve') ];
$by{moderator} = [ signed_in('max', 'the password of max') ];
$by{disabled} = [ signed_in('dora', $dora->{password}) ];
$by{token} = [ Authorization => "Bearer $token" ];
$by{old} = [ Authorization => "Bearer $old" ];
$by{forged} = [ Authorization => 'Bearer ' . join '.', encode_base64url(
    '{"alg":"none","typ":"JWT"}'), $claims, '' ];
$by{stale} = [ signed_in('ann', $password) ];
my $stale = $app->db->value($session);
$by{foreign} = [ @{ $by{owner} }, Origin => 'http://evil.example' ];
$by{key} = [ 'X-API-KEY', $app->key('ann', @scopes) ];
$by{revoked} = [ 'X-API-KEY', $app->key('ann') ];
$app->db->rows('UPDATE api_keys SET revoked_at = NOW(3) ORDER BY id DESC'
    . ' LIMIT 1');
$by{lapsed} = [ 'X-API-KEY', $app->key('ann') ];
$app->db->rows('UPDATE api_keys SET expires_at = NOW(3) - INTERVAL 1 SECOND'
    . ' ORDER BY id DESC LIMIT 1');
$by{modkey} = [ 'X-API-KEY', $app->key('max', @scopes) ];
$app->db->rows("UPDATE sessions SET expires_at = NOW(3) - INTERVAL 1 SECOND"
    . " WHERE id = $stale");

# What can be ended or revoked of one's own.
my $key = 'SELECT MAX(id) FROM api_keys';
signed_in('ann', $password);
$thing{ann}{session} = { id => $app->db->value($session) };
$app->key('ann');
$thing{ann}{apikey} = { id => $app->db->value($key) };
signed_in('dora', $dora->{password});
$thing{dora}{session} = { id => $app->db->value($session) };
$app->key('dora');
$thing{dora}{apikey} = { id => $app->db->value($key) };

# Mails of each, and links that set their passwords.
my %reset = (right => 'r' x 43, disabled => 'd' x 43, wrong => 'w' x 43);
for my $case ([ $thing{ann}, $ann, 'right' ],
    [ $thing{dora}, $dora, 'disabled' ]) {
    my ($things, $user, $name) = @$case;
    for my $of ([ mail => 'failed' ], [ mailed => 'sent' ]) {
        $app->db->rows('INSERT INTO outbox (uuid, user_id, kind, recipient,'
            . " subject, message, state) VALUES (UNHEX(MD5(RAND())),"
            . " $user->{id}, 'links', 'bob\@example.org', 'x', 'x',"
            . " '$of->[1]')");
        $things->{ $of->[0] }
            = { id => $app->db->value('SELECT MAX(id) FROM outbox') };
    }
    my $hash = `python3 -c 'import hashlib; print(hashlib.blake2b(
        b"$reset{$name}", digest_size=32).hexdigest())'`;
    chomp $hash;
    $app->db->rows("INSERT INTO password_resets SELECT UNHEX('$hash'), id,"
        . ' generation, NOW(3) + INTERVAL 1 HOUR FROM users'
        . " WHERE id = $user->{id}");
}
$app->admin_ok('user', 'disable', 'dora');
$_->{unknown} = { id => 999999, community => 999999,
    code => '00000000-0000-4000-8000-000000000000',
    path => $_->{live}{path} =~ s/live/unknown/r } for values %thing;

# ---- how it was, and is again after each call that was let through
my @folders = qw(user-media general hidden trash);
my @tables = map { $_->[0] } $app->db->rows('SHOW TABLES');
my @checked = grep { !/^(tries|vault_stamps)$/ } @tables;
my $storage = $app->storage;
my $kept = $app->dir . '/kept';

# One client of the database for all of it: starting one takes longer than
# what it does.
my $sql = open2(my $told, my $asks, 'mariadb', '--no-defaults', '--user=root',
    '--batch', '--unbuffered', '--skip-column-names',
    '--socket=' . $app->db->socket, $app->db->name);
sub ask {
    print $asks map { "$_;\n" } @_, "SELECT 'told'";
    $asks->flush;
    my @rows;
    while (defined(my $line = <$told>)) {
        chomp $line;
        return @rows if $line eq 'told';
        push @rows, [ split /\t/, $line ];
    }
    BAIL_OUT("no answer to @_");
}

sub fingerprint {
    my $sums = join ', ', @checked;
    my %is = map { $_->[0] =~ s/.*\.//r => $_->[1] }
        ask("CHECKSUM TABLE $sums");

    my @files;
    find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } },
        grep { -d } map { "$storage/$_" } @folders);
    $is{files} = join "\n", sort @files;
    return \%is;
}

sub keep {
    ask(map { ("CREATE TABLE who_$_ LIKE $_",
        "INSERT INTO who_$_ SELECT * FROM $_") } @checked);
    mkdir $kept;
    system('cp', '-a', (grep { -d } map { "$storage/$_" } @folders), $kept);
}

# Brings back what a call has changed.
sub restore {
    my ($was) = @_;
    my $is = fingerprint();
    my @changed = grep { $is->{$_} ne $was->{$_} } @checked;

    ask('SET FOREIGN_KEY_CHECKS = 0', map { ("DELETE FROM $_",
        "INSERT INTO $_ SELECT * FROM who_$_") } @changed) if @changed;
    return if $is->{files} eq $was->{files};
    for my $folder (@folders) {
        system('rm', '-rf', "$storage/$folder");
        system('cp', '-a', "$kept/$folder", $storage) if -d "$kept/$folder";
    }
}

# ---- the requests: for a state and the caller's things, target and options
my %person = (username => 'ann', password => $password);
sub person {
    my ($state) = @_;
    return { %person, $state eq 'wrong' ? (password => 'guessed') : (),
        $state eq 'disabled' ? (username => 'dora',
            password => $dora->{password}) : () };
}
my $path_of = sub { $_[0] =~ s{^http://localhost}{}r };
my $share_body = sub { $_[0] eq 'publish' ? { %yes } : {} };
# States that the request makes, and of what.
my %is_of = (forged => 'shared', disabled => 'shared',
    map { $_ => 'live' } qw(publish delete share unshare));
my @form = (multipart => [ file => { filename => 'new.png',
    body => picture() } ]);
my %send = (
    'POST /api/auth/login' => sub { (json => person($_[0])) },
    'POST /api/auth/token' => sub { (json => person($_[0])) },
    'POST /api/auth/reset' => sub { (json => { email => $_[0] eq 'known'
        ? 'ann@example.org' : 'strange@example.org' }) },
    'POST /forgotten' => sub { (form => [ email => $_[0] eq 'known'
        ? 'ann@example.org' : 'strange@example.org' ]) },
    'POST /api/auth/reset/confirm' => sub { (json => {
        token => $reset{ $_[0] }, password => 'a third password' }) },
    'POST /reset' => sub { (form => [ token => $reset{ $_[0] },
        password => 'a third password', again => 'a third password' ]) },
    'POST /login' => sub { (form => [ %{ person($_[0]) } ]) },
    'POST /api/auth/keys' => sub { (json => { name => 'another',
        $_[0] eq 'generated' ? (scopes => ['media:generated']) : () }) },
    'PUT /api/auth/password' => sub { (json => { current => $password,
        new => 'a third password' }) },
    'POST /api/user/media' => sub { (multipart => [ $_[0] eq 'generated'
        ? (category => 'babecock') : (), @{ $form[1] } ]) },
    'POST /vault/upload' => sub { @form },
    'POST /api/user/media/share' => sub { my ($state, $t) = @_;
        (json => { filePath => $t->{path}, %{ $share_body->($state) } }) },
    'POST /api/user/media/bulk' => sub { my ($state, $t) = @_;
        (json => { ids => [ $t->{id} ], action => $state eq 'publish'
            ? 'share' : $state =~ /^(un)?share$/ ? $state : 'delete',
            %{ $share_body->($state) } }) },
    'PATCH /api/user/media/:id' => sub { (json => { title => 'mine' }) },
    'POST /api/community/media/:id/report' => sub {
        (json => { reason => 'not nice' }) },
    'POST /api/community/media/:id/takedown' => sub { (json => {}) },
    (map { ("POST $_" => sub { (json => $share_body->($_[0])) }) }
        '/api/media/:id/share', '/api/user/media/:id/share'),
    'POST /vault/:id/share' => sub { (form => $_[0] eq 'publish'
        ? [ community => 'yes', consent => 'yes', tags => 'nature' ] : []) },
    (map { ("POST /vault/:id/$_" => sub { (form => []) }) } qw(unshare delete)),
);

sub target {
    my ($route, $state, $t) = @_;
    my $pattern = $route->[1];

    return "/reset?token=$reset{$state}" if "@$route[0, 1]" eq 'GET /reset';
    if ($pattern =~ m{^/(file|thumb)/}) {
        my $address = $1 eq 'thumb' ? $t->{thumb}
            : $state =~ /^(live|deleted)$/ ? $t->{url} : $t->{link};
        $address =~ s/.$/$& eq 'A' ? 'B' : 'A'/e if $state eq 'forged';
        return $path_of->($address);
    }
    $pattern =~ s/:code/$t->{code}/;
    my $id = $pattern =~ m{^/api/community/} ? $t->{community} : $t->{id};
    $pattern =~ s/:id/$id/;
    return $pattern;
}

# The scope that a narrow key lacks, for a route or one of its states.
my %needs = ('POST /api/user/media/bulk delete' => 'media:write',
    'POST /api/user/media/bulk share' => 'shares',
    'POST /api/user/media/bulk unshare' => 'shares',
    'POST /api/user/media generated' => 'media:generated',
    map { ("POST $_ publish" => 'community') } '/api/media/:id/share',
        map { "/api/user/media/$_" } qw(:id/share share bulk));
sub narrow {
    my ($route, $state) = @_;
    my $scope = $needs{"$route->[0] $route->[1] $state"};
    ($scope) = map { lc s/_/:/r } $route->[3] =~ /SCOPE_([A-Z_]+)/
        if !defined $scope;
    return @{ $narrow{$scope // ''} // $narrow{none} };
}

sub answer {
    my ($route, $state, $who) = @_;
    my $name = "$route->[0] $route->[1]";
    # What is disabled is dora's, whoever opens it.
    my $whose = $who eq 'disabled' || $state eq 'disabled' ? 'dora' : 'ann';
    my $t = $thing{$whose}{ $is_of{$state} // $state };
    my $client = $app->client;
    my @header = $who eq 'narrow' ? narrow($route, $state) : @{ $by{$who} };
    my $r = $client->request($route->[0], target($route, $state, $t // {}),
        headers => { @header }, $send{$name} ? $send{$name}->($state, $t) : ());

    # A bulk call tells for each media.
    if ($route->[1] =~ /bulk$/ && $r->status == 200) {
        my ($result) = @{ $r->json->{results} };
        return $result->{ok} ? 200 : $result->{status};
    }
    return $r->status;
}

# What keys and sessions note at their first use is none of the changes.
$app->client->request(GET => '/api/auth/me', headers => { @$_ })
    for values %by, values %narrow;
keep();
my $was = fingerprint();

for my $name (@sections) {
    my $route = $route{$name} or next;
    for my $row (@{ $rows{$name} }) {
        my ($state, @want) = @$row;
        my (@got, @refused, @done);

        for my $i (grep { $want[$_] ne '-' } 0 .. $#want) {
            push @{ $want[$i] < 400 ? \@done : \@refused }, $i;
        }
        $got[$_] = answer($route, $state, $callers[$_]) for @refused;
        is_deeply(fingerprint(), $was, "$name ($state): refused, unchanged")
            or restore($was) if @refused && $route->[0] ne 'GET';
        for my $i (@done) {
            $got[$i] = answer($route, $state, $callers[$i]);
            restore($was) if $route->[0] ne 'GET';
        }
        is(join(' ', map { "$callers[$_]=$got[$_]" } grep { defined $got[$_] }
            0 .. $#want), join(' ', map { "$callers[$_]=$want[$_]" }
            grep { $want[$_] ne '-' } 0 .. $#want), "$name ($state)");
    }
}
is_deeply(fingerprint(), $was, 'at the end all is as it was');
close $asks;
waitpid $sql, 0;

$app->finish;
done_testing;
