#!/bin/sh
# Amazon S3 (and what speaks its protocol): copies the output with the right headers.
# Usage: sync.sh s3://BUCKET[/PREFIX] [OPTIONS OF aws s3 sync, such as --dryrun]
#
# What S3 can't set goes into a response headers policy of CloudFront:
{% for name, value in everywhere.items() %}
#   {{ name }}: {{ value }}
{% endfor %}
#   Content-Security-Policy: {{ policy }}
set -eu
root='{{ served.root }}'
bucket=${1:?usage: sync.sh s3://BUCKET}
shift

# put FILTER... : what the filters leave, under the type and lifetime of the two variables.
put() {
    aws s3 sync "$root" "$bucket" --no-follow-symlinks --content-type "$type" --cache-control "$cache" "$@"
}

# Pages and styles come first and the manifest comes last, so that no feed links to what is not there yet.
{% for suffix in ("css", "js", "svg", "png", "ico", "webmanifest", "xsl", "xml", "txt", "html", "rss", "json", "atom", "opml") %}
type='{{ types[suffix] }}'
{% if suffix in ("atom", "rss", "json") %}
cache='{{ settled }}'
put "$@" --exclude '*' --include '*/[0-9][0-9][0-9][0-9]-[0-9][0-9].{{ suffix }}'
{% endif %}
cache='{{ fresh }}'
put "$@" --exclude '*' --include '*.{{ suffix }}'{% if suffix in ("atom", "rss", "json") %} --exclude '*/[0-9][0-9][0-9][0-9]-[0-9][0-9].{{ suffix }}'{% endif %}{% if suffix == "json" %}{% for name in other_json %} --exclude '{{ name }}'{% endfor %}{% endif %}

{% endfor %}
type='{{ other_json_type }}' cache='{{ fresh }}'
put "$@" --exclude '*'{% for name in other_json %} --include '{{ name }}'{% endfor %}

# What is no longer in the output goes.
aws s3 sync "$root" "$bucket" --no-follow-symlinks --delete --exclude '*.gz' --exclude '*.br' "$@"
{% for old, new in served.redirects %}
aws s3 cp "$root/{{ new }}" "$bucket/{{ old }}" --website-redirect '{{ served.prefix }}/{{ new }}' "$@"
{% endfor %}
