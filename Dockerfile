# The sidecar. Built and run by docker-compose.yml; by hand: docker build -t signalbox .
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has its own Node 24 and its own PostgreSQL beside it: the npm packages that bring them are left out
# or stay empty, and no package runs a script of its own.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --loglevel=error

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
# .dockerignore lets in what the sidecar needs, nothing else.
COPY . ./
# A user of no other container and of no usual machine: files that are private to somebody stay so.
RUN install -d -o 10001 -g 10001 /var/lib/signalbox /app/.cache
# `docker compose exec sidecar signalbox export` and the like.
RUN printf '#!/bin/sh\nexec node /app/src/cli/signalbox.ts "$@"\n' > /usr/local/bin/signalbox && chmod 755 /usr/local/bin/signalbox
USER 10001:10001
# What Node makes of the TypeScript files is kept in the image: starts take half the time and less memory.
ENV NODE_COMPILE_CACHE=/app/.cache MALLOC_ARENA_MAX=1
RUN signalbox --version
ENV SIGNALBOX_CONFIG=/etc/signalbox/gateway.yaml SIGNALBOX_STATE_DIR=/var/lib/signalbox
EXPOSE 4100
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.SIGNALBOX_PORT || 4100) + '/healthz/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--heap-growing-percent=100", "--max-semi-space-size=16", "src/cli/signalbox.ts", "serve"]
