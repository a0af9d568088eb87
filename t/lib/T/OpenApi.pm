package T::OpenApi;

# Every answer that a test gets is kept, and at its end held against the
# document: status, headers, type and body, and, where it was taken, the
# request. Children of the test add theirs.

use strict;
use warnings;
use Fcntl qw(O_APPEND O_CREAT O_RDWR);
use File::Temp ();
use JSON::PP ();

# Longer bodies are not looked into.
my $most = 4 << 20;
my $json = JSON::PP->new->utf8->canonical;
my ($kept, $handle);

# The folder with the checker's modules; contrib/check lets nothing be left
# out.
sub modules {
    my $dir = $ENV{VITRINE_NODE_MODULES} // '';

    return $dir if -d "$dir/ajv";
    die "no ajv in VITRINE_NODE_MODULES\n" if $ENV{VITRINE_TEST_ALL};
    return undef;
}

sub document { return "$ENV{top_srcdir}/src/api/openapi.json" }

# Before the test has children, which add to the same file.
sub start {
    return if $handle || !modules();
    $kept = File::Temp->new;
    sysopen $handle, "$kept", O_RDWR | O_CREAT | O_APPEND or die "$kept: $!";
}

# Where in the test the answer was asked for.
sub place {
    my $place = '?';

    for (my $i = 1; my ($package, $file, $line) = caller $i; $i++) {
        $place = $file =~ s{.*/}{}r . " line $line" if $package eq 'main';
    }
    return $place;
}

sub is_text {
    return ($_[0] // '')
        =~ m{^(?:application/(?:json|[^;\s]+\+json|x-www-form-)|text/json)}i;
}

# One answer: method, target, type and body of the request, and the answer.
sub add {
    my ($class, %o) = @_;
    my $r = $o{answer} // return;

    start();
    return if !$handle;
    my %header = map { $_ => $r->header($_) } keys %{ $r->{headers} };
    my $sent = $r->status < 400 && is_text($o{type}) ? $o{body} // '' : '';
    my $body = is_text($header{'content-type'}) && length $r->body <= $most
        ? $r->body : '';
    my $line = $json->encode({ at => place(), method => $o{method},
        target => $o{target}, status => $r->status + 0, headers => \%header,
        sent_type => $o{type}, sent_kept => length $sent,
        bytes => length $r->body, kept => length $body });

    # One write, which that of another process does not cut.
    syswrite $handle, "$line\n$sent$body" or die "$kept: $!";
}

# What is wrong with the answers until now, a line for each; they are
# forgotten. undef: there is no checker.
sub faults {
    my ($class) = @_;
    return undef if !$handle;

    local $ENV{NODE_PATH} = modules();
    open my $node, '-|', 'node', "$ENV{top_srcdir}/t/openapi/answers.cjs",
        document(), "$kept" or die "node: $!";
    my $out = do { local $/; <$node> } // '';
    close $node;
    truncate $handle, 0;
    $out =~ s/^\d+ answers\n\z//m or return "${out}answers.cjs failed\n";
    return $out;
}

1;
