# Two stages: the first has the tools to build, the second only what runs.
FROM python:3.12-slim-bookworm AS build

ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements/runtime.txt /tmp/runtime.txt
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: -r /tmp/runtime.txt

WORKDIR /srv/portal
COPY . .
# The settings of production want every variable; for these two commands any value does.
RUN DJANGO_SETTINGS_MODULE=portal.settings.production \
    SECRET_KEY=only-while-building-0123456789012345678901234567890123456789 \
    PUBLIC_URL=https://localhost ALLOWED_HOSTS=localhost DATABASE_URL=sqlite:////tmp/none \
    ALLOW_SQLITE=1 REDIS_URL=redis://localhost EMAIL_URL=consolemail:// \
    DEFAULT_FROM_EMAIL=portal@localhost PORTAL_STATIC=/srv/portal/static PORTAL_VAR=/tmp/var \
    sh -c "python manage.py compile_catalogues && python manage.py collectstatic --noinput"

FROM python:3.12-slim-bookworm

# Page images need letters for documents that carry none: Latin, and the other scripts.
# Versions follow the base image; a pinned one would vanish with Debian's next point release.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-liberation fonts-noto-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/portal --create-home portal

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    PORTAL_STATIC=/srv/portal/static \
    PORTAL_VAR=/var/lib/portal
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/portal /srv/portal
WORKDIR /srv/portal
USER 10001
VOLUME /var/lib/portal
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--threads=8"]
