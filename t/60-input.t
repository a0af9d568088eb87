#!/usr/bin/perl
# Bad input of every kind: each gets an answer of the class 4xx with a message,
# and changes nothing.

use strict;
use warnings;
use Compress::Zlib ();
use IO::Handle;
use IPC::Open2;
use JSON::PP ();
use T::App;
use T::Fcgi;
use T::Pictures;
use Test::More;
use utf8;

binmode Test::More->builder->$_, ':utf8'
    for qw(output failure_output todo_output);
T::Pictures->need;
my $app = T::App->new(worker => 0, conf => { 'upload.max_size' => '8M' });
my ($client, $ann) = $app->signed_in('ann');
my ($eve, $eve_is) = $app->signed_in('eve');
my ($mod) = $app->signed_in('mod');
$app->admin_ok('user', 'role', 'mod', 'moderator');
my $db = $app->db;
my $photo = T::Pictures->content('IMG_1054.JPG');

sub upload {
    my ($who, @parts) = @_;
    return $who->post('/api/user/media', multipart => \@parts);
}
my $mine = upload($client, file => { filename => 'mine.jpg', body => $photo })
    ->json->{files}[0];
my $hers = upload($eve, file => { filename => 'hers.jpg', body => $photo })
    ->json->{files}[0];
my %yes = (shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
    tags => ['nature']);
my $copy = $eve->post("/api/media/$hers->{id}/share", json => \%yes)
    ->json->{communityMediaId};

# The whole state: rows, their content, and files.
my @files = map { $app->storage . "/$_" } 'user-media/users/*/*/*',
    'general/*', 'hidden/*', 'tmp/*', 'trash/*';
my @tables = qw(users sessions api_keys token_subjects media shares
    share_items share_activity community_media community_tags
    community_reports blocked_hashes tags activity jobs outbox collections);
my $question = 'SELECT CONCAT_WS(",", ' . join(', ', map {
    "(SELECT COUNT(*) FROM $_)" } @tables) . ', (SELECT MD5(GROUP_CONCAT('
    . 'CONCAT_WS("/", id, path, state, COALESCE(title, ""),'
    . ' COALESCE(caption, "")) ORDER BY id)) FROM media), (SELECT MD5('
    . 'GROUP_CONCAT(CONCAT_WS("/", password_hash, generation))) FROM users));';
# One client for all of these requests: there are more than a thousand.
my $asker = open2(my $answers, my $questions, 'mariadb', '--no-defaults',
    '--socket=' . $db->socket, '--user=' . $db->user, '--batch',
    '--skip-column-names', '--unbuffered', $db->name);
$questions->autoflush;
sub all {
    print $questions "$question\n";
    return join ' ', <$answers> // die('no answer of the database'),
        sort map { glob } @files;
}
my $before = all();

# Checks the answer to bad input: a 4xx (the given one, if any), in JSON with a
# message; and nothing may have changed.
sub bad {
    my ($name, $r, $status) = @_;
    my $got = $r ? $r->status : 'no answer';
    my $message = $r ? eval { $r->json->{message} } : undef;
    my $now = all();

    ok($got =~ /^4\d\d$/ && (!defined $status || $got =~ /^$status$/)
        && length($message // '') && $now eq $before, $name)
        or diag("got $got" . (defined $status ? ", not $status" : '')
            . ', ' . ($r ? $r->body : '')
            . ($now eq $before ? '' : "\nwas $before\nnow $now"));
    $before = $now;
}

# ---- ids
my @ids = ('0', '-1', '+1', '1e9', '1.0', '0x10', '01', '9999999999999999999',
    '9223372036854775808', '99999999999999999999999999999999999999', 'abc',
    '', '%20', "$mine->{id}%20", "$mine->{id}%00", '%00', '..', '%2e%2e',
    '%2e', '%2f', "$mine->{id}%2f", "$mine->{id}'", '%D9%A1', 'null', '*', ';',
    "$mine->{uuid}");
my %body = (json => {});
for my $route (
    [ $client, get => '/api/user/media/%s' ],
    [ $client, patch => '/api/user/media/%s', json => { title => 'x' } ],
    [ $client, delete => '/api/user/media/%s' ],
    [ $client, post => '/api/user/media/%s/restore' ],
    [ $client, post => '/api/user/media/%s/share', %body ],
    [ $client, delete => '/api/user/media/%s/share' ],
    [ $client, post => '/api/media/%s/share', %body ],
    [ $client, delete => '/api/media/%s/share' ],
    [ $client, delete => '/api/community/media/%s' ],
    [ $client, post => '/api/community/media/%s/report',
        json => { reason => 'x' } ],
    [ $mod, post => '/api/community/media/%s/takedown', %body ],
    [ $mod, post => '/api/community/media/%s/restore' ],
    [ $client, delete => '/api/auth/keys/%s' ],
    [ $client, delete => '/api/auth/sessions/%s' ],
) {
    my ($who, $method, $pattern, @o) = @$route;
    for my $id (@ids, '1000000000') {
        my $target = sprintf $pattern, $id;
        bad("$method $target", $who->$method($target, @o),
            $id eq '1000000000' ? 404 : '40[045]');
    }
}
for my $code ('abc', '0' x 36, '%00', "' OR 1=1", '../x', 'x' x 3000,
    $mine->{uuid}) {
    my $escaped = T::Client::escape($code);
    bad("a share code: " . substr($code, 0, 40),
        $app->client->get("/shared/media/$escaped", headers => {
            Accept => 'application/json' }), '40[04]');
    bad("a file: " . substr($code, 0, 40),
        $app->client->get("/file/$escaped/x.jpg?e=9999999999&k=x", headers => {
            Accept => 'application/json' }), '40[04]');
}

# ---- ids of others
for my $call ([ get => '' ], [ patch => '', json => { title => 'x' } ],
    [ delete => '' ], [ post => '/restore' ], [ post => '/share', %body ],
    [ post => '/share', json => \%yes ], [ delete => '/share' ]) {
    my ($method, $more, @o) = @$call;
    bad("another's: $method $more",
        $client->$method("/api/user/media/$hers->{id}$more", @o), 404);
}
bad("another's: by its path", $client->post('/api/user/media/share',
    json => { filePath => $hers->{path} }), 404);
bad("another's community copy", $client->delete(
    "/api/community/media/$copy"), 404);
bad("another's in a take-down", $client->post(
    "/api/community/media/$copy/takedown", %body), 403);

# ---- queries
for my $query (
    (map { "category=$_" } 'other', 'Upload', 'upload%20', '%00', 'upload%00',
        "'", '..', 'x' x 2000, '%ff'),
    (map { "dateRange=$_" } 'decade', 'TODAY', 'today%20', '-1', '%00', '0'),
    (map { "limit=$_" } '0', '-1', '+5', '1e3', 'x', '', '1.5', '%205',
        '99999999999999999999', '1000000000', '0x10'),
    (map { "cursor=$_" } 'x', '-1', '1', '1.', '.1', '1.2.3', '1.x', '0.0',
        '99999999999999999999.1', '1.99999999999999999999', '%00',
        '1.1%20'),
    'search=' . 'x' x 201, 'search=%ff', 'search=%00',
    'search=' . '%C3%A9' x 201, 'search=%ED%A0%80', 'search=%zz', '%',
    'category=%', 'x' x 20000,
) {
    bad('a query: ' . substr($query, 0, 60),
        $client->get("/api/user/media?$query"), '4(00|14)');
}

# ---- JSON
my @broken = (
    [ 'nothing', '' ], [ 'a blank', ' ' ], [ 'null', 'null' ],
    [ 'a number', '5' ], [ 'a text', '"title"' ], [ 'an array', '[]' ],
    [ 'an array of objects', '[{"title": "x"}]' ], [ 'half', '{' ],
    [ 'half a key', '{"title' ], [ 'no value', '{"title":}' ],
    [ 'a comma too many', '{"title": "x",}' ],
    [ 'single quotes', "{'title': 'x'}" ], [ 'a bare key', '{title: "x"}' ],
    [ 'NaN', '{"x": NaN}' ], [ 'Infinity', '{"x": -Infinity}' ],
    [ 'a number like 01', '{"x": 01}' ], [ 'a number like 1.', '{"x": 1.}' ],
    [ 'a comment', '{"title": "x" /* y */}' ],
    [ 'more behind it', '{"title": "x"} {"title": "y"}' ],
    [ 'a mark of byte order', "\xef\xbb\xbf{\"title\": \"x\"}" ],
    [ 'UTF-16', "{\0\"\0t\0\"\0:\0" . "5\0}\0" ],
    [ 'not UTF-8', "{\"title\": \"\xff\"}" ],
    [ 'not UTF-8 in a key', "{\"\xc3\x28\": 1}" ],
    [ 'a longer form of /', "{\"title\": \"\xc0\xaf\"}" ],
    [ 'a surrogate in UTF-8', "{\"title\": \"\xed\xa0\x80\"}" ],
    [ 'a NUL', "{\"title\": \"a\0b\"}" ], [ 'a NUL behind it', "{}\0" ],
    [ 'an escaped NUL', '{"title": "a\u0000b"}' ],
    [ 'an escaped NUL in a key', '{"a\u0000": "b"}' ],
    [ 'a raw tab', "{\"title\": \"a\tb\"}" ],
    [ 'a raw line', "{\"title\": \"a\nb\"}" ],
    [ 'an unknown escape', '{"title": "\x41"}' ],
    [ 'a short escape', '{"title": "\u12"}' ],
    [ 'a lone high surrogate', '{"title": "\ud800"}' ],
    [ 'a lone low surrogate', '{"title": "\udc00"}' ],
    [ 'surrogates the wrong way', '{"title": "\udc00\ud800"}' ],
    [ 'a lone one in what nobody reads', '{"other": ["\udfff"]}' ],
    [ 'a doubled key', '{"title": "a", "title": "b"}' ],
    [ 'a doubled key behind escapes', '{"title": "a", "t\u0069tle": "b"}' ],
    [ 'a doubled key that nobody reads', '{"z": 1, "z": 1}' ],
    [ 'a doubled key further down', '{"other": {"z": 1, "z": 2}}' ],
    [ '10,000 deep', '{"x": ' . '[' x 10000 . ']' x 10000 . '}' ],
    [ '10,000 deep, unended', '{"a":' x 10000 ],
    [ 'a form', 'title=x' ],
);
my @takers = (
    [ 'a title', $client, patch => "/api/user/media/$mine->{id}" ],
    [ 'a share', $client, post => "/api/media/$mine->{id}/share" ],
    [ 'a share by path', $client, post => '/api/user/media/share' ],
    [ 'a bulk', $client, post => '/api/user/media/bulk' ],
    [ 'a key', $client, post => '/api/auth/keys' ],
    [ 'a login', $app->client, post => '/api/auth/login' ],
    [ 'a token', $app->client, post => '/api/auth/token' ],
    [ 'a password', $client, put => '/api/auth/password' ],
    [ 'a report', $client, post => "/api/community/media/$copy/report" ],
    [ 'a take-down', $mod, post => "/api/community/media/$copy/takedown" ],
);
my %json_type = (headers => { 'Content-Type' => 'application/json' });
for my $taker (@takers) {
    my ($what, $who, $method, $target) = @$taker;
    for my $case (@broken) {
        my ($name, $text) = @$case;
        # These two take no body at all for an empty one.
        next if $text eq '' && $what =~ /^a (share|take-down)$/;
        bad("$what: $name", $who->$method($target, body => $text,
            %json_type), '4(00|13)');
    }
    bad("$what: another type", $who->$method($target, body => '{}',
        headers => { 'Content-Type' => 'text/plain' }), 415);
    bad("$what: no type", $who->$method($target, body => '{}'), 415);
    bad("$what: a gigabyte is announced", $who->$method($target,
        body => '{}', %json_type, params => {
            CONTENT_LENGTH => 1 << 30 }), 413);
    bad("$what: too long, and no word of it", $who->$method($target,
        body => '{"x": "' . 'x' x 200_000 . '"}', %json_type, params => {
            CONTENT_LENGTH => undef }), 413);
    bad("$what: cut short", $who->$method($target, body => '{"title": "x"}',
        %json_type, params => { CONTENT_LENGTH => 500 }), 400);
}
# A false length must not be believed.
for my $length ('-5', 'x', '5x', '99999999999999999999', ' 14', '1e2') {
    my $r = $client->patch("/api/user/media/$mine->{id}",
        body => '{"title": 5}', %json_type,
        params => { CONTENT_LENGTH => $length });
    bad("a length of \"$length\"", $r, '4(00|11|13)');
}

# ---- fields of the wrong type or size
for my $case (
    [ 'title', title => 5 ], [ 'title', title => [] ],
    [ 'title', title => JSON::PP::true ], [ 'title', title => 'x' x 256 ],
    [ 'title', title => "two\nlines" ], [ 'title', title => "\x{7f}" ],
    [ 'caption', caption => {} ], [ 'caption', caption => 'x' x 20001 ],
) {
    my ($field, @o) = @$case;
    my $r = $client->patch("/api/user/media/$mine->{id}", json => {@o});
    bad("a $field of a wrong kind: " . substr($o[1] =~ s/[^ -~]/?/gr, 0, 9),
        $r, 400);
    is($r->json->{field}, $field, 'names the field');
}
my $share = "/api/media/$mine->{id}/share";
my @slugs = map { $_->{slug} } @{ $client->get('/api/tags')->json };
for my $case (
    [ 'tags', 'unknown', tags => ['no-such-tag'] ],
    [ 'tags', 'unknown beside a known one', tags => [qw(nature nowhere)] ],
    [ 'tags', 'doubled', tags => [qw(nature city nature)] ],
    [ 'tags', 'too many', tags => [ @slugs[0 .. 10] ] ],
    [ 'tags', 'thousands', tags => [ map { "t$_" } 1 .. 2000 ] ],
    [ 'tags', 'none', tags => [] ],
    [ 'tags', 'null', tags => undef ],
    [ 'tags', 'left out', tags => 'left out' ],
    [ 'tags', 'a text', tags => 'nature' ],
    [ 'tags', 'an object', tags => { nature => 1 } ],
    [ 'tags', 'null among them', tags => [ 'nature', undef ] ],
    [ 'tags', 'a number among them', tags => [ 'nature', 1 ] ],
    [ 'tags', 'in capitals', tags => ['Nature'] ],
    [ 'tags', 'with a blank behind', tags => ['nature '] ],
    [ 'tags', 'with a blank before', tags => [' nature'] ],
    [ 'tags', 'empty', tags => [''] ],
    [ 'tags', 'with accents', tags => ["nat\x{fc}re"] ],
    [ 'tags', 'with a quote', tags => ["nature' OR '1"] ],
    [ 'tags', 'very long', tags => [ 'x' x 1000 ] ],
    [ 'consent', 'no consent', consent => JSON::PP::false ],
    [ 'consent', 'consent left out', consent => 'left out' ],
    [ 'consent', 'consent as a text', consent => 'true' ],
    [ 'consent', 'consent as a number', consent => 1 ],
    [ 'consent', 'consent as null', consent => undef ],
    [ 'shareToCommunity', 'a text', shareToCommunity => 'true' ],
    [ 'shareToCommunity', 'a number', shareToCommunity => 1 ],
) {
    my ($field, $name, @o) = @$case;
    my %o = (%yes, @o);
    delete @o{ grep { ($o{$_} // '') eq 'left out' } keys %o };
    for my $way ([ $share => {} ], [ '/api/user/media/share' => {
        filePath => $mine->{path} } ]) {
        my ($target, $more) = @$way;
        my $r = $client->post($target, json => { %o, %$more });
        bad("$field: $name: $target", $r, 400);
        is($r->json->{field}, $field, 'names the field');
    }
}
my ($aid, $eid) = ($ann->{id}, $eve_is->{id});
for my $path ('', '/', '.', '..', "users/$aid", "users/$aid/Uploads",
    "users/$aid/Uploads/", "/users/$aid/Uploads/mine.jpg",
    "users/$aid/Uploads/../Uploads/mine.jpg",
    "users/$aid/Uploads/./mine.jpg", "users/$aid//Uploads/mine.jpg",
    "users/$eid/../$aid/Uploads/mine.jpg",
    "users/$aid/../$eid/Uploads/hers.jpg", "users/$eid/Uploads/hers.jpg",
    "users/$aid/Uploads/..%2f..%2f$eid%2fUploads%2fhers.jpg",
    "users\\$aid\\Uploads\\mine.jpg", "users/$aid/Uploads/mine.jpg ",
    "users/$aid/Uploads/MINE.JPG", "users/$aid/Uploads/mine.jpg\x{1}",
    "users/$aid/Nowhere/mine.jpg", "users/0$aid/Uploads/mine.jpg",
    "user-media/users/$aid/Uploads/mine.jpg", '/etc/passwd',
    '../../../etc/passwd', 'general/x.jpg', 'x' x 1000, 'x' x 5000,
    "users/$aid/Uploads/" . 'x' x 300 . '.jpg', 5, undef, [], {},
    "users/$aid/Uploads/none.jpg") {
    bad('a path: ' . substr(($path // 'null') =~ s/[^ -~]/?/gr, 0, 60),
        $client->post('/api/user/media/share', json => {
            filePath => $path }), '40[04]');
}

# ---- names of uploads
my $gif = "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D"
    . "\1\0;";
sub raw {
    my ($disposition, %o) = @_;
    return $client->post('/api/user/media', body => "--b\r\n"
        . "Content-Disposition: form-data; $disposition\r\n\r\n"
        . ($o{body} // $gif) . "\r\n--b--\r\n",
        headers => { 'Content-Type' => 'multipart/form-data; boundary=b' });
}
for my $name ('', '.', '..', 'a/..', '../..', 'a/', '\\', 'a\\..', '.gif',
    '.hidden.gif', '../../evil.gif', '/etc/evil.gif', 'C:\\fakepath\\evil.gif',
    '..\\..\\evil.gif', 'a/evil.gif', '%2e%2e%2fevil.gif', 'x%5Cevil.gif',
    '..%5cevil.gif', 'noextension', 'a.', 'a.gif.', 'a.gif ',
    'a.exe',
    'a.gif.php', 'a.svg', 'a.json', "a\x01.gif", "a\x1b.gif", "a\x7f.gif",
    "a\0.gif", "\xff.gif", "a\xc3\x28.gif", "a\xed\xa0\x80.gif",
    'x' x 252 . '.gif', 'x' x 5000 . '.gif', 'a%0a.gif', 'a%0D%0Ab.gif') {
    bad('a name: ' . substr($name =~ s/[^ -~]/?/gr, 0, 40),
        raw("name=\"file\"; filename=\"$name\""), 400);
}
# The longest name, and a percent sign that hides nothing.
for my $name ('x' x 251 . '.gif', '100%.gif', '50%25.gif') {
    my $r = raw("name=\"file\"; filename=\"$name\"");
    is($r->status, 201, 'taken: ' . substr $name, 0, 40) or diag($r->body);
    my $file = $r->json->{files}[0];
    is($file->{path}, "users/$aid/Uploads/$name", 'under its own name');
    is($client->delete("/api/user/media/$file->{id}")->status, 204, 'gone');
}
$before = all();

# ---- multipart
my $part = "--b\r\nContent-Disposition: form-data; name=\"file\";"
    . " filename=\"a.gif\"\r\n\r\n$gif\r\n";
my $field = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n";
my $boundary = 'multipart/form-data; boundary=b';
for my $case (
    [ 'no boundary', "$part--b--\r\n", 'multipart/form-data' ],
    [ 'an empty boundary', "$part--b--\r\n", 'multipart/form-data; boundary=' ],
    [ 'an empty boundary in quotes', "$part--b--\r\n",
        'multipart/form-data; boundary=""' ],
    [ 'a boundary of 71', "$part--b--\r\n",
        'multipart/form-data; boundary=' . 'b' x 71 ],
    [ 'a boundary with odd characters', "$part--b--\r\n",
        'multipart/form-data; boundary="b{}"' ],
    [ 'another boundary', "$part--b--\r\n",
        'multipart/form-data; boundary=c' ],
    [ 'another type', "$part--b--\r\n", 'multipart/mixed; boundary=b', 415 ],
    [ 'no type', "$part--b--\r\n", undef, 415 ],
    [ 'empty', '' ], [ 'its end alone', "--b--\r\n" ],
    [ 'its beginning alone', "--b\r\n" ], [ 'a boundary cut', '--' ],
    [ 'cut in a header', substr $part, 0, 30 ],
    [ 'cut behind the headers', $part =~ s/\r\n\r\n.*/\r\n\r\n/sr ],
    [ 'cut in the file', substr($part, 0, -12) ],
    [ 'without its end', $part ], [ 'half of its end', "$part--b-" ],
    [ 'fields alone', "$field--b--\r\n" ],
    [ 'a file without a name', ($part =~ s/; filename="a.gif"//r)
        . "--b--\r\n" ],
    [ 'a part without a name', ($part =~ s/name="file"; //r) . "--b--\r\n" ],
    [ 'a part of no headers', "--b\r\n\r\n$gif\r\n--b--\r\n" ],
    [ 'two dispositions', $part =~ s/(Content-D.*?\r\n)/$1$1/r . "--b--\r\n" ],
    [ 'an attachment', $part =~ s/form-data/attachment/r . "--b--\r\n" ],
    [ 'an encoding', $part =~
        s/\r\n\r\n/\r\nContent-Transfer-Encoding: base64\r\n\r\n/r
        . "--b--\r\n" ],
    [ 'a header of 20 KB', $part =~
        s/\r\n\r\n/"\r\nX: " . 'x' x 20000 . "\r\n\r\n"/er
        . "--b--\r\n" ],
    [ 'a header with a NUL', $part =~ s/\r\n\r\n/\r\nX: a\0b\r\n\r\n/r
        . "--b--\r\n" ],
    [ 'a header on two lines', $part =~ s/\r\n\r\n/\r\n more\r\n\r\n/r
        . "--b--\r\n" ],
    [ 'more on the line of a boundary', "--bb\r\n$part--b--\r\n" ],
    [ 'ten thousand fields', $field x 10000 . "$part--b--\r\n" ],
    [ 'ten thousand files', $part x 10000 . "--b--\r\n" ],
    [ '101 files', $part x 101 . "--b--\r\n" ],
    [ 'an empty file', ($part =~ s/\r\n\r\n.*/\r\n\r\n\r\n/sr) . "--b--\r\n" ],
    [ 'a good file and a bad one', $part . ($part =~ s/GIF89a/NO GIF/r)
        . "--b--\r\n" ],
    [ 'an unknown category', "--b\r\nContent-Disposition: form-data;"
        . " name=\"category\"\r\n\r\nother\r\n$part--b--\r\n" ],
    [ 'a category twice', "--b\r\nContent-Disposition: form-data;"
        . " name=\"category\"\r\n\r\nupload\r\n" x 2 . "$part--b--\r\n" ],
    [ 'a category behind the file', "$part--b\r\nContent-Disposition:"
        . " form-data; name=\"category\"\r\n\r\nupload\r\n--b--\r\n" ],
    [ 'a category of 10 KB', "--b\r\nContent-Disposition: form-data;"
        . ' name="category"' . "\r\n\r\n" . 'u' x 10240
        . "\r\n$part--b--\r\n" ],
) {
    my ($name, $body, $type, $status) = @$case;
    $type = $boundary if @$case < 3;
    bad("multipart: $name", $client->post('/api/user/media', body => $body,
        headers => defined $type ? { 'Content-Type' => $type } : {}),
        $status // 400);
}
my $whole = "$part--b--\r\n";
for my $case ([ 'a length that is too long', length($whole) + 100, 400 ],
    [ 'a length that is too short', length($whole) - 20, 400 ],
    [ 'a length of 0', 0, 400 ],
    [ 'a length beyond all limits', 1 << 50, 413 ]) {
    my ($name, $length, $status) = @$case;
    bad("multipart: $name", $client->post('/api/user/media', body => $whole,
        headers => { 'Content-Type' => $boundary },
        params => { CONTENT_LENGTH => $length }), $status);
}
bad('multipart: a file beyond the limit', raw('name="file"; filename="a.gif"',
    body => $gif . 'x' x (9 << 20)), 413);

# ---- pictures
sub chunk {
    my ($type, $data) = @_;
    return pack('N', length $data) . $type . $data
        . pack('N', Compress::Zlib::crc32($type . $data));
}
sub png {
    my ($w, $h, $more, $pixels) = @_;
    return "\x89PNG\r\n\x1a\n"
        . chunk('IHDR', pack 'NNCCCCC', $w, $h, 8, 0, 0, 0, 0) . ($more // '')
        . chunk('IDAT', Compress::Zlib::compress($pixels
            // ("\0" . "\x7f" x $w) x $h))
        . chunk('IEND', '');
}
# The same JPEG, with another size in its frame header (that of the picture,
# not of the small one within its EXIF).
sub sized {
    my ($content, $w, $h) = @_;
    my $at = 2;

    while (substr($content, $at, 2) !~ /^\xff[\xc0-\xc2]/) {
        $at += 2 + unpack 'n', substr $content, $at + 2, 2;
        die 'no frame header' if $at > length $content;
    }
    substr $content, $at + 5, 4, pack 'nn', $h, $w;
    return $content;
}
my $webp = T::Pictures->content('yellow_rose.lossy.webp');
my $png = T::Pictures->content('chelsea.png');
my $frame = "!\xf9\4\4\1\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0";
my %upload_refused = (
    'an SVG' => '<svg xmlns="http://www.w3.org/2000/svg"><image'
        . ' href="/etc/passwd"/></svg>',
    'an SVG with a head' => '<?xml version="1.0"?><svg/>',
    'an MSL' => '<?xml version="1.0"?><image><read filename="/etc/passwd"/>'
        . '<write filename="/tmp/x.png"/></image>',
    'an MVG' => "push graphic-context\nviewbox 0 0 9 9\n"
        . "image over 0,0 0,0 'https://127.0.0.1/x'\npop graphic-context\n",
    'a PDF' => "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n",
    'a PostScript' => "%!PS\n(/etc/passwd) (r) file\n",
    'HTML' => "<html><script>alert(1)</script></html>",
    'a script' => "#!/bin/sh\nid\n", 'a program' => "\x7fELF\2\1\1" . "\0" x 99,
    'a TIFF' => "II*\0\x08\0\0\0" . "\0" x 99, 'a BMP' => 'BM' . "\0" x 99,
    'an archive' => "PK\3\4" . "\0" x 99, 'a text' => 'no picture',
    'zeros' => "\0" x 1000, 'a cut PNG head' => substr($png, 0, 6),
);
for my $name (sort keys %upload_refused) {
    bad("uploaded as .jpg: $name", upload($client, file => {
        filename => 'x.jpg', type => 'image/jpeg',
        body => $upload_refused{$name} }), 400);
}
# These have the right first bytes: the vault accepts them, the community does not.
my %share_refused = (
    'half a JPEG' => substr($photo, 0, length($photo) / 2),
    'a JPEG of its head' => substr($photo, 0, 500),
    'half a PNG' => substr($png, 0, length($png) / 2),
    'half a WebP' => substr($webp, 0, length($webp) / 2),
    'a GIF of its head' => substr($gif, 0, 10),
    'an SVG behind a JPEG head' => "\xff\xd8\xff" . $upload_refused{'an SVG'},
    'an MSL behind a PNG head' => "\x89PNG\r\n\x1a\n"
        . $upload_refused{'an MSL'},
    'a PNG of 1 by 100,000' => png(1, 100_000),
    'a PNG of 100,000 by 1' => png(100_000, 1),
    'a PNG of 100,000 by 100,000' => png(100_000, 100_000, '', 'x'),
    'a PNG of 0 by 0' => png(0, 0, '', 'x'),
    'a PNG of 2^31 by 1' => png(1 << 31, 1, '', 'x'),
    'a JPEG of 65,500 by 65,500' => sized($photo, 65500, 65500),
    'a JPEG of 1 by 65,500' => sized($photo, 1, 65500),
    'a JPEG of 0 by 0' => sized($photo, 0, 0),
    'a GIF of 65,535 by 65,535' => $gif =~
        s/^GIF89a..../GIF89a\xff\xff\xff\xff/sr,
    'an MP4 of its head' => "\0\0\0\x18ftypisom\0\0\0\0isommp41\0\0\0\x08moov",
);
my @taken;
for my $name (sort keys %share_refused) {
    my $r = upload($client, file => { filename => 'x.jpg', type => 'image/jpeg',
        body => $share_refused{$name} });
    if ($r->status == 400) {
        bad("uploaded: $name", $r, 400);
        next;
    }
    is($r->status, 201, "uploaded: $name") or diag($r->body);
    push @taken, [ $name, $r->json->{files}[0]{id} ];
}
$before = all();
for my $case (@taken) {
    my ($name, $id) = @$case;
    bad("shared: $name", $client->post("/api/media/$id/share",
        json => \%yes), '4(00|13)');
}
# What is only too much of something is brought down to what is good in it, or
# refused; either way quickly, and without a trace of it.
my %heavy = (
    'a GIF of 10,000 frames' => substr($gif, 0, -15) =~ s/,.*//sr
        . $frame x 10_000 . ';',
    'a PNG whose text inflates to 200 MB' => png(64, 64, chunk('zTXt',
        "Comment\0\0" . Compress::Zlib::compress('x' x 200_000_000))),
    'a PNG whose profile inflates to 200 MB' => png(64, 64, chunk('iCCP',
        "ICC\0\0" . Compress::Zlib::compress("\0" x 200_000_000))),
    'a PNG of many texts' => png(64, 64, chunk('tEXt', "Comment\0secret")
        x 20_000),
);
for my $name (sort keys %heavy) {
    my $r = upload($client, file => { filename => 'heavy.png',
        body => $heavy{$name} });
    is($r->status, 201, "uploaded: $name") or diag($r->body);
    my $id = $r->json->{files}[0]{id};
    $before = all();
    $r = $client->post("/api/media/$id/share", json => \%yes);
    if ($r->status == 200) {
        my ($object) = $r->json->{publicUrl} =~ m{/general/(.*)};
        my $path = $app->storage . "/general/$object";
        cmp_ok(-s $path, '<', 20_000 + length $heavy{$name},
            "shared: $name: it bears the mark and no more");
        my $content = T::Site::slurp($path);
        unlike($content, qr/zTXt|tEXt|secret/, "shared: $name: its texts are"
            . ' gone');
        $client->delete("/api/media/$id/share");
        $before = all();
    } else {
        bad("shared: $name", $r, '4(00|13)');
    }
}

# ---- everything still works
is($client->get('/healthz')->status, 200, 'the pool is well');
is($client->get("/api/user/media/$mine->{id}")->json->{title}, undef,
    'nothing was written anywhere');
is($client->post($share, json => \%yes)->status, 200, 'valid input is accepted');

close $questions;
waitpid $asker, 0;
$app->finish;
done_testing;
