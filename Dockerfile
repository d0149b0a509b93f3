# Two stages on one base, so that the paths inside the virtual environment stay true. Only the environment is copied, not
# the checkout: it proves that the wheel carries its tables.
#
# The tag names a Python minor release, not a digest, because a digest goes stale with every security update of the base.
# To pin one image for good, put the digest that your registry shows behind the tag: python:3.13-slim@sha256:…
FROM python:3.13-slim AS build
WORKDIR /app
COPY .ci/image.txt .ci/image-build.txt .ci/
# Every package with the hash of its files: what was tested is what is installed, and nothing else can be.
RUN python -m venv /app/.venv \
    && /app/.venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement .ci/image.txt \
    && python -m venv /build \
    && /build/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement .ci/image-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY service service
COPY factors factors
RUN /build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /app/.venv/bin/pip install --no-cache-dir --no-deps --no-index /wheel/*.whl
# The factor tables as SQLite, made once here: a container starts with them, and needs no writable disk.
ENV DUALSCOPE_CACHE_DIR=/var/cache/dualscope
RUN /app/.venv/bin/dualscope factors build --cache "$DUALSCOPE_CACHE_DIR"

FROM python:3.13-slim
LABEL org.opencontainers.image.title="dualscope" \
      org.opencontainers.image.description="Location-based and market-based carbon accounting for computing workloads" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 999 --no-create-home --shell /usr/sbin/nologin app
COPY --from=build /app/.venv /app/.venv
COPY --from=build /var/cache/dualscope /var/cache/dualscope
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DUALSCOPE_CACHE_DIR=/var/cache/dualscope
USER 999
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
# It refuses to start on this address until it has keys (DUALSCOPE_KEYS_FILE, DUALSCOPE_KEYS) or DUALSCOPE_ALLOW_OPEN=true.
CMD ["dualscope", "serve", "--host", "0.0.0.0"]
