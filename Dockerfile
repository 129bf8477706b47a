# Two images: `docker build .` makes the product, `docker build --target sandbox .` the make-believe shop and warehouses.

FROM mcr.microsoft.com/dotnet/sdk:10.0-alpine AS build
WORKDIR /source
# All that a restore reads, and nothing else: the packages' layer is made again only when one of these changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/OrderGrains/OrderGrains.csproj src/OrderGrains/
RUN dotnet restore src/OrderGrains --use-current-runtime
COPY .editorconfig BannedSymbols.txt ./
COPY sql sql
COPY src/OrderGrains src/OrderGrains
RUN dotnet publish src/OrderGrains --configuration Release --use-current-runtime --no-self-contained --no-restore \
    --output /product

FROM build AS build-sandbox
COPY src/OrderGrains.Sandbox src/OrderGrains.Sandbox
RUN dotnet publish src/OrderGrains.Sandbox --configuration Release --use-current-runtime --no-self-contained \
    --output /sandbox

FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine AS runtime
# Configuration is looked for here, and here lies what SQLite stores; a cluster on PostgreSQL keeps nothing in it.
WORKDIR /data
RUN chown $APP_UID /data && chmod 700 /data
ENV OrderGrains__DataDirectory=/data
USER $APP_UID

FROM runtime AS sandbox
COPY --from=build-sandbox /sandbox /app
ENTRYPOINT ["dotnet", "/app/OrderGrains.Sandbox.dll"]

FROM runtime AS product
COPY --from=build /product /app
# The base image sets ASPNETCORE_HTTP_PORTS=8080.
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=300s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["dotnet", "/app/OrderGrains.dll"]
