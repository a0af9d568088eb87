#!/usr/bin/perl
# The contract cannot drift: the OpenAPI document has every row of the route
# table and no other, with its credentials, scopes and limits; a strict linter
# passes it; and it is what the site sends.

use strict;
use warnings;
use File::Temp ();
use JSON::PP ();
use T::App;
use T::Routes;
use T::Site;
use Test::More;

my $text = T::Site::slurp(T::OpenApi::document());
my $doc = JSON::PP->new->utf8->decode($text);
my @methods = qw(get put post delete patch head options trace);

# ---- the table
my @rows = T::Routes->rows;
my %row;
for my $row (@rows) {
    my $path = $row->{pattern} =~ s/:(\w+)/{$1}/gr;

    $row->{parameters} = [ $row->{pattern} =~ /:(\w+)/g ];
    $row->{alias} =~ s/:(\w+)/{$1}/g if $row->{alias};
    $row->{path} = $path;
    $row{"$row->{method} $path"} = $row;
}
cmp_ok(scalar keys %row, '>', 80, 'the table is read');
is(scalar keys %row, scalar @rows, 'no route is listed twice');

# ---- the document
sub resolve {
    my ($v) = @_;

    while (ref $v eq 'HASH' && exists $v->{'$ref'}) {
        my $at = $doc;
        $at = $at->{ s/~1/\//gr } for
            split m{/}, $v->{'$ref'} =~ s{^#/}{}r;
        $v = $at // die "$v->{'$ref'} leads nowhere\n";
    }
    return $v;
}

my %operation;
for my $path (keys %{ $doc->{paths} }) {
    my $item = resolve($doc->{paths}{$path});
    for my $method (grep { $item->{$_} } @methods) {
        $operation{ uc($method) . " $path" } = $item->{$method};
    }
}
is_deeply([ grep { !$operation{$_} } sort keys %row ], [],
    'every route is documented');
is_deeply([ grep { !$row{$_} } sort keys %operation ], [],
    'and nothing else');

# Paths with the same handler are described once.
my %alias = map { $_->{path} => '#/paths/' . $_->{alias} =~ s{~}{~0}gr =~
    s{/}{~1}gr } grep { $_->{alias} } @rows;
is_deeply({ map { $_ => $doc->{paths}{$_} } keys %alias },
    { map { $_ => { '$ref' => $alias{$_} } } keys %alias },
    'an alias refers to what it is one of');
is_deeply([ sort grep { exists $doc->{paths}{$_}{'$ref'} }
    keys %{ $doc->{paths} } ], [ sort keys %alias ], 'and nothing else does');

# Runs a check for every route; it returns a description of the fault, if any.
sub each_route {
    my ($name, $check) = @_;
    my @bad = map {
        my $route = $_;
        map { "$route: $_" } $check->($row{$route}, $operation{$route})
    } grep { $operation{$_} } sort keys %row;

    is(join("\n", @bad), '', $name);
}

# ---- credentials
my %security = (OPEN => '', KNOWN => ' | apiKey | bearer | cookie',
    SIGNED => 'signature', PERSON => 'bearer | cookie',
    ACCOUNT => 'apiKey | bearer | cookie');
each_route('its credentials are documented', sub {
    my ($row, $o) = @_;
    my $told = join ' | ', sort map { join '+', sort keys %$_ }
        @{ $o->{security} // [ { missing => 1 } ] };

    return $told eq $security{ $row->{credentials} } ? ()
        : "$row->{credentials} is not \"$told\"";
});

my %scope = map { ('SCOPE_' . uc s/:/_/r) => $_ }
    qw(media:read media:write media:generated shares links community);
each_route('its scopes are documented', sub {
    my ($row, $o) = @_;
    my $told = join ' ', sort @{ $o->{'x-scopes'} // [] };
    my @want = $row->{scope} eq '0' ? () : $row->{scope} eq 'SCOPE_ALL'
        ? values %scope : map { $scope{$_} // die "scope $_\n" }
        split /\s*\|\s*/, $row->{scope};

    return $told eq join(' ', sort @want) ? () : "$row->{scope} is not $told";
});

# ---- bodies and parameters
each_route('its body and limit are documented', sub {
    my ($row, $o) = @_;
    my $body = $o->{requestBody};
    my @types = sort keys %{ $body->{content} // {} };
    my @bad;

    # Seed 004 takes JSON under more names than the others.
    push @bad, "its types are @types" if $row->{dialect} eq 'PROBLEM'
        && $row->{body} && "@types" ne 'application/*+json application/json '
            . 'application/json-patch+json text/json';
    # Uploads stream, and have limits of their own.
    push @bad, "the limit is $row->{body}"
        if ($body->{'x-body-limit'} // 0) != $row->{body}
        && ($row->{body} || "@types" ne 'multipart/form-data');
    push @bad, 'it has none' if !$row->{body} && $o->{requestBody}
        && "@types" ne 'multipart/form-data';
    return @bad;
});
each_route('its parameters are documented, each with a schema', sub {
    my ($row, $o) = @_;
    my @p = map { resolve($_) } @{ $o->{parameters} // [] };
    my @in_path = sort map { $_->{name} } grep { $_->{in} eq 'path' } @p;

    return ((join(' ', @in_path) eq join(' ', sort @{ $row->{parameters} })
        ? () : "those of the path are not @in_path"),
        map { $_->{schema}{type} ? () : "$_->{name} has no type" } @p);
});

# ---- answers
each_route('its answers are documented', sub {
    my ($row, $o) = @_;
    my %want = map { $_ => 1 } 400, 500, 503;

    @want{ 401, 403 } = (1, 1) if $row->{credentials} =~ /ACCOUNT|PERSON/;
    $want{413} = 1 if $row->{body};
    $want{304} = $want{206} = $want{416} = 1 if $row->{credentials} eq 'SIGNED';
    return map { "$_ is missing" } grep { !$o->{responses}{$_} }
        sort keys %want;
});
my %error = (MESSAGE => [ qw(Error Fault) ], PAGE => [ qw(Error Fault) ],
    ERROR => [ qw(ShareError ShareFault) ],
    LINKS => [ qw(ShareError ShareFault) ],
    PROBLEM => [ qw(Problem ProblemFault) ]);
each_route('errors are in the format of its API', sub {
    my ($row, $o) = @_;
    my $type = $row->{dialect} eq 'PROBLEM' ? 'application/problem+json'
        : 'application/json';
    my @bad = $error{ $row->{dialect} } ? () : "$row->{dialect} is unknown";

    for my $status (grep { $_ >= 400 } sort keys %{ $o->{responses} }) {
        my $r = resolve($o->{responses}{$status});
        my $types = join ' ', sort keys %{ $r->{content} // {} };
        push @bad, "$status is of the type $types" if $row->{dialect} ne 'PAGE'
            && $types ne $type;
        my $json = $r->{content}{$type} or next;
        my $schema = $json->{schema}{'$ref'} // '';
        my $want = $error{ $row->{dialect} }[ $status < 500 ? 0 : 1 ];
        push @bad, "$status is not the error that it should be"
            if $schema ne "#/components/schemas/$want";
    }
    return @bad;
});
each_route('answers that ask to wait have Retry-After', sub {
    my ($row, $o) = @_;
    return map { "$_ has no Retry-After" } grep {
        my $r = $o->{responses}{$_};
        $r && !resolve(resolve($r)->{headers}{'Retry-After'} // {})->{required};
    } 429, 503;
});

# The schemas are complete: all members of an object are documented.
my %open;
sub walk {
    my ($v, $where) = @_;

    $v = resolve($v);
    if ($v->{properties} && !exists $v->{additionalProperties}) {
        $open{$where} = 1;
    }
    my %p = %{ $v->{properties} // {} };
    walk($p{$_}, "$where.$_") for keys %p;
    walk($v->{items}, "$where\[]") if $v->{items};
    walk($_, $where) for map { @{ $v->{$_} // [] } } qw(oneOf anyOf);
}
for my $route (grep { !m{ /api/openapi\.json$} } sort keys %operation) {
    for my $status (keys %{ $operation{$route}{responses} }) {
        my $r = resolve($operation{$route}{responses}{$status});
        walk($r->{content}{$_}{schema}, "$route: $status")
            for grep { /json$/ } keys %{ $r->{content} // {} };
    }
}
is(join("\n", sort keys %open), '', 'no answer has undocumented members');

# ---- the linter
my $modules = T::OpenApi::modules();
SKIP: {
    skip 'VITRINE_NODE_MODULES names no folder', 1 if !$modules;
    my $rules = "$ENV{top_srcdir}/t/openapi/ruleset.json";
    # Its schema of 3.1 does not know that a path item may be a reference;
    # those were looked at above.
    my %paths = map { $_ => $doc->{paths}{$_} } grep { !$alias{$_} }
        keys %{ $doc->{paths} };
    my $document = File::Temp->new(SUFFIX => '.json');
    print $document JSON::PP->new->utf8->pretty->canonical->encode(
        { %$doc, paths => \%paths });
    close $document or die "$document: $!";
    my $out = `node '$modules/\@stoplight/spectral-cli/dist/index.js' lint \\
        --ruleset '$rules' --fail-severity hint '$document' 2>&1`;
    is($?, 0, 'a strict linter passes it') or diag($out);
}

# ---- as it is sent
my $app = T::App->new(worker => 0);
my $r = $app->client->get('/api/openapi.json');
is($r->status, 200, 'it is sent');
ok($r->body eq $text, 'to the byte');
is($r->header('Content-Type'), 'application/json', 'as JSON');
is($r->header('Cache-Control'), 'public, max-age=300', 'for five minutes');
my $etag = $r->header('ETag');
for my $case ([ 304, 'If-None-Match' => $etag ],
    [ 304, 'If-None-Match' => "\"x\", W/$etag" ],
    [ 200, 'If-None-Match' => '"x"' ],
    [ 200, 'If-Modified-Since' => 'Fri, 01 Jan 2100 00:00:00 GMT' ],
    [ 200, Range => 'bytes=0-9' ]) {
    my ($status, @header) = @$case;
    $r = $app->client->get('/api/openapi.json', headers => { @header });
    is($r->status, $status, "@header");
    is(length $r->body, $status == 200 ? length $text : 0, 'and its body');
}

$app->finish;
done_testing;
