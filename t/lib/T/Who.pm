package T::Who;

# Who may what: people and things in every state that t/who.txt names, a request
# for each route, and what makes sure that what is refused has changed nothing.
# It is made when it is used; t/12-who*.t each walk a part of the table.

use strict;
use warnings;
use Compress::Zlib qw(compress crc32);
use Digest::SHA qw(hmac_sha512);
use Exporter qw(import);
use File::Find qw(find);
use IPC::Open2 qw(open2);
use JSON::PP ();
use MIME::Base64 qw(decode_base64url encode_base64url);
use T::App;
use T::Routes;
use T::Site;
use Test::More;

our @EXPORT = qw(%route %rows @routes @sections $app $links $was answer
    fingerprint openings restore settle thing tries is_of_shares walk_where
    finish);

# ---- the table: of each section's rows the state, the callers, and what each
# of them gets
our (%rows, @sections);
my (@kinds, @callers, $section);
for (split /\n/, T::Site::slurp("$ENV{top_srcdir}/t/who.txt")) {
    next if /^\s*(#|$)/;
    my ($first, @cells) = split;
    if ($first eq 'caller') {
        @callers = @cells;
        @kinds = @callers if !@kinds;
    } elsif ($first =~ /^[A-Z]+$/) {
        $section = "$first $cells[0]";
        push @sections, $section if !$rows{$section};
    } else {
        push @{ $rows{$section} }, { state => $first, callers => [ @callers ],
            want => \@cells };
    }
}
our @routes = T::Routes->rows;
our %route = map { $_->{name} => $_ } grep { !$_->{alias} } @routes;

is_deeply([ grep { !$rows{$_} } sort keys %route ], [],
    'every route is in the table');
is_deeply([ grep { !$route{$_} } @sections ], [], 'and nothing else');
is_deeply([ map { my $s = $_; map { "$s: $_->{state}" } grep {
    @{ $_->{want} } != @{ $_->{callers} }
    || grep { !/^([1-5]\d\d|-)$/ } @{ $_->{want} } } @{ $rows{$s} } }
    @sections ], [], 'each row has a status for each caller');
sub tries {
    my ($who, $row) = @_;
    my @at = grep { $row->{callers}[$_] eq $who } 0 .. $#{ $row->{callers} };

    return @at && $row->{want}[ $at[0] ] ne '-';
}
is_deeply([ map { my $s = $_; map { "$s: $_" } grep { my $who = $_;
    !grep { tries($who, $_) } @{ $rows{$s} } } @kinds } @sections ],
    [], 'each kind of caller tries each route');

# ---- the site and its people
our $app = T::App->new(worker => 0, conf => { 'session.login_tries' => 1000,
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
sub uuid_of {
    my ($user) = @_;
    return lc $app->db->value("SELECT HEX(uuid) FROM users WHERE id ="
        . " $user->{id}") =~ s/^(.{8})(.{4})(.{4})(.{4})/$1-$2-$3-$4-/r;
}
# Ned, to whom asset shares are given, calls nothing.
my $ned = { id => uuid_of($app->user('ned')) };
my %named = (viewer => 'vic', loader => 'lou', editor => 'edi',
    passer => 'pam');
my %person_of = map { $_ => ($app->signed_in($named{$_}))[0] } keys %named;
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
    shares($client, \%t);
    return \%t;
}

# ---- shares, as t/who.txt names them
my $none = '00000000-0000-4000-8000-000000000000';
my $yes = JSON::PP::true;
my %grants = (viewer => {}, loader => { can_download => $yes },
    editor => { can_edit => $yes }, passer => { can_reshare => $yes });
# What each of them has in a vault of their own, and a stranger.
my %own = map { $_ => upload($person_of{$_}, 'own')->{uuid} } keys %named;
my $eve = $app->client;
need($eve->login('eve', 'the password of eve'), 200, 'eve');
my $alien = upload($eve, 'alien');
my $aliens = $alien->{uuid};

sub share {
    my ($client, $thing, %o) = @_;
    my $s = need($client->post('/api/v1/shares', json => {
        recipient_type => 'public_link', target_type => $thing->{coll}
            ? 'collection' : 'media',
        target_id => $thing->{coll} // $thing->{uuid}, %o }), 200, 'share');

    return (share => $s->{id}, token => $s->{public_token});
}

# To each of those whom it is shared with, a share of their own.
sub handed {
    my ($client, $thing, %o) = @_;
    return map { ($_ => { share($client, $thing, recipient_type => 'user',
        recipient_username => $named{$_}, permissions => $grants{$_}, %o) })
    } sort keys %named;
}

# A link of seed 003, with its number.
our $links = '/api/v2/shareable_links';
sub link_to {
    my ($client, $thing) = @_;
    my $made = need($client->post($links, json => {
        expiry_date => '2099-12-31', limit => 1000, payload => {
            media_id => $thing->{id}, filename => 'x.png' } }), 200, 'link');

    return (key => $made->{url} =~ s{.*/}{}r, number => $made->{id});
}
my %aliens_link = link_to($eve, $alien);

sub revoke {
    my ($client, @ids) = @_;
    need($client->delete("/api/v1/shares/$_"), 204, 'revoke') for @ids;
}

sub in_sql { return join ', ', map { "UNHEX('" . tr/-//dr . "')" } @_ }

# A visit's addresses.
sub opened {
    my ($token) = @_;
    my $item = need($app->client->get("/api/v1/shared/$token"), 200, 'open')
        ->{items}[0];
    return @$item{qw(url thumbnail_url)};
}

# Everything that was shared of one person's.
sub shares {
    my ($client, $t) = @_;
    my $new = sub { $t->{ $_[0] } = upload($client, $_[0]) };
    my %download = (permissions => { can_download => $yes });
    my %secret = (password => 'sesame');

    for my $state (qw(given open limited locked cut late used ended looked
        loaded narrowed)) {
        $new->($state);
    }
    $_->{by} = { handed($client, $_) }, $_->{share} = $_->{by}{viewer}{share}
        for $t->{given};
    %{ $t->{$_->[0]} } = (%{ $t->{$_->[0]} }, share($client, $t->{$_->[0]},
        @$_[ 1 .. $#$_ ])) for [ 'open' ], [ limited => max_uses => 1000 ],
        [ locked => %secret ], [ 'late' ], [ used => max_uses => 1 ],
        [ ended => %download ], [ 'looked' ], [ loaded => %download ],
        [ 'narrowed' ];

    # Reshared, and the original share is revoked.
    $t->{passed} = { %{ $t->{given} }, share($person_of{passer}, $t->{given}),
        by => {} };
    my %root = share($client, $t->{cut}, recipient_type => 'user',
        recipient_username => 'pam', permissions => $grants{passer});
    %{ $t->{cut} } = (%{ $t->{cut} }, share($person_of{passer}, $t->{cut}));
    revoke($client, $root{share});

    # Addresses: of the file, of a view, of the thumbnail.
    my $address = sub {
        my ($state, $file, $view) = @_;
        @{ $t->{$state} }{qw(link view)} = ($file =~ s{/view/}{/file/}r,
            $view =~ s{/file/}{/view/}r);
    };
    for my $state (qw(looked loaded used)) {
        my ($url, $thumb) = opened($t->{$state}{token});
        $address->($state, $url, $url);
        $t->{$state}{thumb} = $thumb;
    }
    my ($view) = opened($t->{narrowed}{token});
    need($client->patch("/api/v1/shares/$t->{narrowed}{share}",
        json => \%download), 200, 'widen');
    (my $file, $t->{narrowed}{thumb}) = opened($t->{narrowed}{token});
    $address->('narrowed', $file, $view);
    need($client->patch("/api/v1/shares/$t->{narrowed}{share}", json => {
        permissions => { can_download => JSON::PP::false } }), 200, 'narrow');

    # The ended shares: the link, and one with each account.
    my %looked = share($client, $t->{ended});
    ($view) = opened($looked{token});
    ($file, $t->{ended}{thumb}) = opened($t->{ended}{token});
    $address->('ended', $file, $view);
    $t->{$_}{by} = { handed($client, $t->{$_}, $_ eq 'used'
        ? (max_uses => 1) : ()) } for qw(late used ended);
    my %all = map { my $state = $_; ($state => [ $t->{$state}{share},
        map { $_->{share} } values %{ $t->{$state}{by} } ])
    } qw(late used ended);
    $app->db->rows("UPDATE shares SET expires_at = NOW(3) - INTERVAL 1 SECOND"
        . ' WHERE uuid IN (' . in_sql(@{ $all{late} }) . ')');
    $app->db->rows('UPDATE shares SET uses = max_uses WHERE uuid IN ('
        . in_sql(@{ $all{used} }) . ')');
    revoke($client, $looked{share}, @{ $all{ended} });

    # The password: the owner is notified of a wrong one.
    my $locked = "/api/v1/shared/$t->{locked}{token}";
    my $visitor = $app->client;
    need($app->client->get("$locked?password=guessed"), 401, 'a wrong one');
    need($visitor->post("$locked/unlock", json => \%secret), 204, 'unlock');
    $t->{locked}{cookie} = join '; ', map { "$_=$visitor->{cookies}{$_}" }
        keys %{ $visitor->{cookies} };
    $t->{told}{note} = (grep { $_->{notification_type} eq 'password_failed' }
        @{ need($client->get('/api/v1/notifications/shares'), 200, 'told') })
        [0]{id};
    for my $who (sort keys %named) {
        my $id = $t->{given}{by}{$who}{share};
        $t->{received}{by}{$who}{note} = (grep { $_->{share_id} eq $id }
            @{ need($person_of{$who}->get('/api/v1/notifications/shares'),
                200, 'received') })[0]{id};
    }
    $t->{received}{note} = $t->{received}{by}{viewer}{note};

    # Collections.
    my $put = sub { need($client->put(
        "/api/v1/collections/$_[0]/media/$_[1]"), 204, 'put') };
    for my $state (qw(kept withdrawn)) {
        my $media = upload($client, $state)->{uuid};
        my $coll = need($client->post('/api/v1/collections', json => {
            name => $state }), 200, $state)->{id};

        $put->($coll, $media);
        $t->{$state} = { coll => $coll, media => $media };
    }
    my %withdrawn = handed($client, $t->{withdrawn});
    handed($client, $t->{kept});
    revoke($client, map { $_->{share} } values %withdrawn);
    my %theirs = map { $_ => { media => $own{$_} } } keys %own;
    my $kept = $t->{kept}{coll};
    $t->{withdrawn}{by} = \%theirs;
    $t->{put} = { coll => $kept, media => $t->{live}{uuid}, by => \%theirs };
    $t->{alien} = { coll => $kept, media => $aliens };
    $t->{absent} = { coll => $kept, media => $t->{live}{uuid} };
    @{ $t->{$_} }{qw(coll media)} = ($kept, $t->{$_}{uuid})
        for qw(given deleted);
    # Put there when all of them could.
    my $mine = need($client->post('/api/v1/collections', json => {
        name => 'mine' }), 200, 'mine')->{id};
    $t->{mine} = { coll => $mine, media => $t->{kept}{media}, by => \%theirs };
    $put->($mine, $t->{kept}{media});
    handed($client, $t->{mine});
    $app->db->rows('INSERT INTO collection_items (collection_id, media_id)'
        . ' SELECT k.id, m.id FROM collections k, media m WHERE k.uuid IN ('
        . in_sql($mine) . ') AND m.uuid IN (' . in_sql(values %own) . ')');

    shareable($client, $t);
}

# What may be had by a link of seed 003, and what may not. A share of seed 002
# opens there too.
sub shareable {
    my ($client, $t) = @_;
    my %file = (permissions => { can_download => $yes });

    for my $state (qw(given open late used ended)) {
        %{ $t->{$state} } = (%{ $t->{$state} }, link_to($client, $t->{$state}));
    }
    my %end = (late => 'expires_at = NOW(3) - INTERVAL 1 SECOND',
        used => 'uses = max_uses', ended => 'revoked_at = NOW(3)');
    $app->db->rows("UPDATE shares SET $end{$_} WHERE id = $t->{$_}{number}")
        for keys %end;
    $t->{loaded}{number} = $app->db->value('SELECT id FROM shares WHERE uuid = '
        . in_sql($t->{loaded}{share}));
    need($client->post("$links/share", json => { recipients =>
        ['bob@example.org'], shareable_link_ids => [ $t->{open}{number} ] }),
        200, 'sent');

    for my $case ([ locked => password => 'sesame' ], ['kept']) {
        my ($state, @more) = @$case;
        my %s = share($client, $t->{$state}, %file, @more);
        $t->{$state}{key} = $s{token};
    }
    my %both = (permissions => { can_download => $yes, can_reshare => $yes });
    my %root = share($client, $t->{cut}, recipient_type => 'user',
        recipient_username => 'pam', %both);
    my %cut = share($person_of{passer}, $t->{cut}, %file);
    $t->{cut}{key} = $cut{token};
    revoke($client, $root{share});

    # Of seed 004, of two.
    my ($one, $two) = map { upload($client, $_) } qw(set two);
    my $set = need($client->post('/api/share', json => {
        assetId => $one->{uuid}, sharedContents => [ $two->{uuid} ],
        sharedPermissions => [ { name => 'Download' } ],
        nomadUsers => [$ned] }), 200, 'set');
    $t->{set} = { %$one, second => $two->{uuid}, share => $set->{id},
        token => $set->{sharedLink} =~ s{.*/}{}r };
    $t->{alien} = { %{ $t->{alien} }, uuid => $t->{live}{uuid},
        share => $t->{open}{share}, number => $aliens_link{number},
        beside => $t->{open}{number} };
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
$by{$_} = [ signed_in($named{$_}, "the password of $named{$_}") ]
    for keys %named;
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

# Links that end mails.
my ($master) = T::Site::slurp($app->dir . '/secrets') =~ /^key ([0-9a-f]+)$/m;
my $signs = substr hmac_sha512('url', pack 'H*', $master), 0, 32;
for my $case ([ $thing{ann}, $ann ], [ $thing{dora}, $dora ]) {
    my ($things, $user) = @$case;
    my $uuid = uuid_of($user);
    my $sign = substr hmac_sha512("unsubscribe\n$uuid", $signs), 0, 20;

    $things->{known} = { query => "u=$uuid&k=" . encode_base64url($sign) };
    $things->{strange} = { query => $things->{known}{query} =~
        s/.$/$& eq 'A' ? 'B' : 'A'/er };
}

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
$_->{unknown} = { (map { $_ => 999999 } qw(id community number)),
    (map { $_ => $none } qw(code uuid share token note coll media second)),
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
    return @changed if $is->{files} eq $was->{files};
    for my $folder (@folders) {
        system('rm', '-rf', "$storage/$folder");
        system('cp', '-a', "$kept/$folder", $storage) if -d "$kept/$folder";
    }
    return (@changed, 'files');
}

# Openings of a link are written a moment later, each with its line, in one
# transaction with all that follows: waits for this many.
sub openings {
    my ($token) = @_;
    my ($row) = ask("SELECT COUNT(*) FROM share_activity a JOIN shares s"
        . " ON s.id = a.share_id WHERE a.action = 'accessed'"
        . ' AND s.token = ' . in_sql($token));
    return $row->[0];
}
sub settle {
    my ($token, $lines) = @_;
    T::Proc->until_true(20, sub { openings($token) >= $lines })
        or fail("the openings of $token are written");
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
my %is_of = (forged => 'shared', disabled => 'shared', raised => 'passed',
    (map { $_ => 'live' } qw(publish delete share unshare give)),
    (map { $_ => 'locked' } qw(wrong right unlocked)),
    (map { $_ => 'given' } qw(pass passmore mixed)),
    (map { $_ => 'open' } qw(changed none missing)));
# Of a view only a share gives an address.
my %view_of = (forged => 'looked', disabled => 'looked');
# Other things of dora's than the media of a code.
my %of_disabled = (unsubscribe => 'known', shareable_links => 'open');
# What a state sends along.
my %along = (wrong => { 'X-Share-Password' => 'guessed' },
    right => { 'X-Share-Password' => 'sesame' });
my $word = sub { $_[0] eq 'right' ? 'sesame' : 'guessed' };
my @mailed = (recipients => ['friend@example.org']);
my $shared_body = sub { my ($state, $t) = @_;
    return { name => 'new',
        $state eq 'give' ? (sharedType => { name => 'User' },
            nomadUsers => [$ned]) : (),
        $state eq 'set' ? (sharedContents => [ $t->{second} ]) : (),
        $state eq 'alien' ? (sharedContents => [$aliens]) : (),
        $state eq 'raised' ? (sharedPermissions => [ { name => 'Download' } ])
            : () } };
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
    'PUT /api/auth/notifications' => sub { (json => {
        $_[0] eq 'missing' ? () : (email => JSON::PP::false) }) },
    'POST /unsubscribe' => sub {
        (form => [ 'List-Unsubscribe' => 'One-Click' ]) },
    "POST $links" => sub { my ($state, $t) = @_;
        (json => { expiry_date => '2099-12-31',
            $state eq 'missing' ? () : (limit => 5),
            payload => { media_id => $t->{id}, filename => 'new.png',
                asset_id => $state eq 'mixed' ? $none : $t->{uuid} } }) },
    "POST $links/share" => sub { my ($state, $t) = @_;
        (json => { message => 'new', $state eq 'missing' ? () : @mailed,
            shareable_link_ids => $state eq 'none' ? [] : [ $t->{number},
                $t->{beside} // (), $state eq 'mixed' ? 999999 : () ] }) },
    'POST /api/asset/:uuid/share' => sub { (json => &$shared_body) },
    'POST /api/share' => sub { my ($state, $t) = @_;
        (json => { %{ $shared_body->($state, $t) },
            $state =~ /^(changed|late|ended|passed)$/ ? (id => $t->{share})
            : $state eq 'missing' ? () : (assetId => $t->{uuid}) }) },
    'PUT /api/share/:uuid' => sub { (json => &$shared_body) },
    'POST /api/share/:uuid/notification' => sub {
        (json => $_[0] eq 'missing' ? {} : $_[0] eq 'given'
            ? { nomadUsers => [$ned] }
            : { externalUsers => [ { email => 'friend@example.org' } ] }) },
    'POST /api/v1/shares' => sub { my ($state, $t) = @_;
        (json => { target_type => $state eq 'kept' ? 'collection' : 'media',
            target_id => $state eq 'kept' ? $t->{coll} : $t->{uuid},
            $state eq 'give' ? (recipient_type => 'user',
                recipient_username => 'vic')
                : (recipient_type => 'public_link'),
            $state eq 'passmore' ? (permissions => { can_download => $yes })
                : () }) },
    'POST /api/v1/shares/batch/delete' => sub { my ($state, $t) = @_;
        (json => { share_ids => [ $t->{share},
            $state eq 'mixed' ? $none : () ] }) },
    'PATCH /api/v1/shares/:id' => sub { (json => $_[0] eq 'raised'
        ? { permissions => { can_download => $yes } } : { note => 'new' }) },
    'POST /api/v1/shared/:token/unlock' => sub {
        (json => { password => $word->($_[0]) }) },
    (map { ("POST $_" => sub { (form => [ password => $word->($_[0]) ]) }) }
        '/s/:token', '/shared/media/:code'),
    'POST /api/v1/collections' => sub { (json => { name => 'new' }) },
    'PATCH /api/v1/collections/:id' => sub { (json => { name => 'new' }) },
    'POST /shares/new' => sub { my ($state, $t) = @_;
        (form => [ $state eq 'kept' ? (collection => $t->{coll})
            : (media => $t->{id}), end => 'never', $state eq 'give'
            ? (to => 'account', username => 'vic') : (to => 'link') ]) },
    'POST /notifications/mail' => sub { (form => []) },
    'POST /notifications/read' => sub { my ($state, $t) = @_;
        (form => [ $state eq 'any' ? (all => 'yes') : (id => $t->{note}) ]) },
    'POST /collections/put' => sub {
        (form => [ media => $_[1]{id}, into => '', name => 'new' ]) },
    (map { ("POST $_" => sub { (form => [ name => 'new' ]) }) }
        '/collections', '/collections/:id/edit'),
    'POST /collections/:id/take' => sub {
        (form => [ media => $_[1]{media} ]) },
    (map { ("POST $_" => sub { (form => []) }) } '/shares/:id/revoke',
        '/collections/:id/delete'),
);

sub target {
    my ($route, $state, $t) = @_;
    my $pattern = $route->{pattern};

    return "/reset?token=$reset{$state}" if $route->{name} eq 'GET /reset';
    return "$pattern?media=$t->{id}" if $route->{name}
        =~ m{^GET /(shares/new|collections/put)$};
    if ($pattern =~ m{^/(file|thumb|view)/}) {
        my $address = $1 ne 'file' ? $t->{$1}
            : $state =~ /^(live|deleted)$/ ? $t->{url} : $t->{link};
        $address =~ s/.$/$& eq 'A' ? 'B' : 'A'/e if $state eq 'forged';
        return $path_of->($address);
    }
    return "$pattern?$t->{query}" if $pattern eq '/unsubscribe';
    my %id = (media => $t->{media}, code => $t->{code} // $t->{token},
        token => $t->{token} // $t->{code},
        key => $t->{key} // $t->{token} // $t->{code},
        uuid => $t->{ $pattern =~ m{/asset/} ? 'uuid' : 'share' }, id => $t->{
            $pattern =~ m{/shareable_links/} ? 'number' :
            $pattern =~ m{^/api/community/} ? 'community'
            : $pattern =~ m{/collections/} ? 'coll'
            : $pattern =~ m{/notifications/} ? 'note'
            : $pattern =~ m{^(/api(/v1)?)?/shares/} ? 'share' : 'id' });
    return $pattern =~
        s{:(\w+)}{$id{$1} // BAIL_OUT("$pattern $state: $1")}ger;
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
    my $scope = $needs{"$route->{name} $state"};
    ($scope) = map { lc s/_/:/r } $route->{scope} =~ /SCOPE_([A-Z_]+)/
        if !defined $scope;
    return @{ $narrow{$scope // ''} // $narrow{none} };
}

# The thing that a call is about.
sub thing {
    my ($route, $state, $who) = @_;
    # The disabled account is dora, no matter who opens the share.
    my $whose = $who eq 'disabled' || $state eq 'disabled' ? 'dora' : 'ann';
    my $of = $route->{pattern} =~ m{^/view/} ? $view_of{$state}
        : $state eq 'disabled' && $route->{pattern}
            =~ m{/(unsubscribe|shareable_links)\b} ? $of_disabled{$1} : undef;
    my $t = $thing{$whose}{ $of // $is_of{$state} // $state } // {};

    return { %$t, %{ $t->{by}{$who} // {} } };
}

sub answer {
    my ($route, $state, $who, $method, @more) = @_;
    my $t = thing($route, $state, $who);
    my %header = $who eq 'narrow' ? narrow($route, $state) : @{ $by{$who} };

    $header{Cookie} = join '; ', $header{Cookie} // (), $t->{cookie}
        if $state eq 'unlocked';
    %header = (%header, %{ $along{$state} // {} })
        if $route->{method} eq 'GET';
    my $send = $send{ "$route->{method} "
        . ($route->{alias} // $route->{pattern}) };
    return $app->client->request($method // $route->{method},
        target($route, $state, $t), headers => { %header, @more },
        $send ? $send->($state, $t) : ());
}

sub status {
    my ($route, $state, $who) = @_;
    my $r = answer($route, $state, $who);

    # A bulk call answers for each media.
    if ($route->{pattern} =~ /bulk$/ && $r->status == 200) {
        my ($result) = @{ $r->json->{results} };
        return $result->{ok} ? 200 : $result->{status};
    }
    return $r->status;
}

# What keys and sessions record at their first use does not count as a change.
$app->client->request(GET => '/api/auth/me', headers => { @$_ })
    for values %by, values %narrow;
keep();
our $was = fingerprint();

# Who opens a link is noted; and so is a wrong password, though it is refused.
my $opens = qr{^/(api/v1/shared|s|shared/media|api/v2/\w+)/:\w+$};
sub walk {
    my ($route, $row) = @_;
    my ($state, $callers, $want) = @$row{qw(state callers want)};
    my $name = "$route->{name} ($state)";
    my $reads = $route->{method} eq 'GET';
    my (@got, @refused, @done, %lines);

    for my $i (grep { $want->[$_] ne '-' } 0 .. $#$want) {
        push @{ $want->[$i] < 400 ? \@done : \@refused }, $i;
    }
    $got[$_] = status($route, $state, $callers->[$_]) for @refused;
    if ($state eq 'wrong' && $route->{pattern} =~ /:(token|code)/) {
        restore($was);
    } elsif (@refused) {
        is_deeply(fingerprint(), $was, "$name: refused, unchanged")
            or restore($was);
    }
    for my $i (@done) {
        my $t = thing($route, $state, $callers->[$i]);
        my $token = $reads && $route->{pattern} =~ $opens
            ? ($route->{pattern} =~ /:key/ ? $t->{key} : undef)
                // $t->{token} // $t->{code} : undef;

        $lines{$token} //= openings($token) if $token;
        $got[$i] = status($route, $state, $callers->[$i]);
        $lines{$token}++ if $token && $got[$i] < 400;
        restore($was) if !$reads;
    }
    settle($_, $lines{$_}) for keys %lines;
    restore($was) if $reads && @done;
    is(join(' ', map { "$callers->[$_]=$got[$_]" } grep { defined $got[$_] }
        0 .. $#$want), join(' ', map { "$callers->[$_]=$want->[$_]" }
        grep { $want->[$_] ne '-' } 0 .. $#$want), $name);
}

# The routes of shares, which t/12-who-shares.t walks; t/12-who.t has the rest.
sub is_of_shares {
    return $_[0] =~ m{/:(?:token|code|key)|shareable|/asset|/api/share|/shares};
}

# Walks the rows of the sections for which `wanted` holds.
sub walk_where {
    my ($wanted) = @_;

    for my $name (grep { $wanted->($_) } @sections) {
        my $route = $route{$name} or next;
        walk($route, $_) for @{ $rows{$name} };
    }
}

sub finish {
    is_deeply(fingerprint(), $was, 'at the end all is as it was');
    close $asks;
    waitpid $sql, 0;
    $app->finish;
}

1;
