# skewcheck as a build step and as a small web service: docs/cloud-build.md.
#
# The base is pinned by version. Pin it by digest where you build, in both FROM lines:
#   docker buildx imagetools inspect python:3.11.13-slim-bookworm --format '{{.Manifest.Digest}}'
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY skewcheck/ skewcheck/
RUN pip wheel --no-cache-dir --no-deps --wheel-dir=/wheels . \
 && python -m venv /opt/skewcheck \
 && /opt/skewcheck/bin/pip install --no-cache-dir "$(echo /wheels/skewcheck-*.whl)[serve]"

FROM python:3.11.13-slim-bookworm
# Debian keeps one version of git in a release, so naming it would only break later builds.
# /workspace belongs to root in a build step, and git reads no repository of another user unless told.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && git config --system --add safe.directory /workspace \
 && useradd --uid=65532 --create-home skewcheck \
 && install --directory --owner=skewcheck --group=skewcheck \
      /var/lib/skewcheck /var/cache/skewcheck /workspace
COPY --from=build /opt/skewcheck /opt/skewcheck
# Named here because a build step's HOME is not writable for everybody.
ENV PATH=/opt/skewcheck/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SKEWCHECK_STATE_DIR=/var/lib/skewcheck \
    SKEWCHECK_CACHE_DIR=/var/cache/skewcheck
WORKDIR /workspace
USER 65532:65532
ENTRYPOINT ["skewcheck"]
CMD ["--help"]
