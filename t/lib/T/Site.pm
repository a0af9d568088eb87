package T::Site;

# The site files as they are shipped, with the places of a test in them.

use strict;
use warnings;
use File::Copy ();
use File::Path ();
use IO::Socket::INET;
use T::Proc;

sub source { return "$ENV{top_srcdir}/$_[0]" }

# Fills in a template; dies where a placeholder is left. A line whose
# placeholder is undefined is left out.
sub render {
    my ($template, $target, %value) = @_;
    open my $in, '<', source($template) or die "$template: $!";
    my $text = do { local $/; <$in> };

    for my $name (grep { !defined $value{$_} } keys %value) {
        $text =~ s/^.*\@$name\@.*\n//gm;
    }
    $text =~ s/\@([a-z_0-9]+)\@/$value{$1} \/\/ die "$template: $1"/ge;
    open my $out, '>', $target or die "$target: $!";
    print $out $text;
    close $out or die "$target: $!";
}

# Writes the site file of a server ("nginx", "apache") to $target, and below
# $dir/share what it includes.
sub render_site {
    my ($server, $name, $dir, $target, %value) = @_;
    my $share = "$dir/share";

    %value = (%value, share => $share, listen6 => undef);
    File::Path::make_path("$share/$server", "$share/errors");
    for my $template (glob source("etc/$server/*.conf.in")) {
        my ($file) = $template =~ m{([^/]+)\.in$};

        next if $file =~ /^vitrine|^fcgid-/;
        render("etc/$server/$file.in", "$share/$server/$file", %value);
    }
    for my $page (glob source('etc/errors/*')) {
        File::Copy::copy($page, "$share/errors/") or die "$page: $!";
    }
    render("etc/$server/$name.conf.in", $target, %value);
    T::Proc::own($share);
}

sub free_port {
    my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1',
        ReuseAddr => 1) or die "no port: $!";
    return $s->sockport;
}

sub answers {
    my ($address) = @_;
    return IO::Socket::INET->new(PeerAddr => $address, Timeout => 1) ? 1 : 0;
}

sub slurp {
    my ($path) = @_;
    open my $fh, '<:raw', $path or return '';
    local $/;
    return scalar(<$fh>) // '';
}

1;
