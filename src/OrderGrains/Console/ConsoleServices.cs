using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>The operator's API and pages, as one station of the web application.</summary>
public static class ConsoleServices
{
    /// <summary>
    /// Adds sign-in, the operator API and the console. The ports, <see cref="Ingress.IInboxWaker"/> and the grain
    /// factory come from elsewhere. Reads <c>Api</c>, <c>DataDirectory</c> and <c>Sources</c>.
    /// </summary>
    public static WebApplicationBuilder AddOperatorConsole(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ApiOptions>().BindConfiguration("Api");
        services.AddSingleton(provider => ApiKeys.Load(
            provider.GetRequiredService<IOptions<ApiOptions>>().Value,
            DataDirectory(provider.GetRequiredService<IConfiguration>()),
            System.Console.Out,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<TrailKeeper>().AddSingleton<SessionKeeper>().AddSingleton<AccessDesk>()
            .AddSingleton<OrderDesk>().AddSingleton<ReceiptDesk>()
            .AddSingleton<StockDesk>().AddSingleton<ParkedList>().AddSingleton<ParkedDesk>();
        services.AddSingleton<DestinationList>().AddSingleton<DestinationDesk>().AddSingleton<SourceDesk>()
            .AddSingleton<BuyerDesk>().AddSingleton<SourceTester>()
            .AddSingleton<Auditor>().AddSingleton<StockAuditor>()
            .AddHostedService(provider => provider.GetRequiredService<StockAuditor>());
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            options.SerializerOptions.Converters.Add(new UtcJsonConverter());
        });
        services.AddOpenApi("v1", OpenApiDescription.Configure);
        services.AddOperatorSignIn(builder.Configuration.GetSection("Api:Login").Get<LoginOptions>());
        services.AddRateLimiter(options => options.AddPolicy<string, LoginRateLimit>(LoginRateLimit.Name));
        services.AddHostedService<TrailAgent>();
        services.AddHostedService<SessionAgent>();
        AddPages(services);
        AddKeyRing(services);
        return builder;
    }

    /// <summary>
    /// Puts the console's middleware into the pipeline and maps its endpoints. Makes the admin key if one is due.
    /// </summary>
    public static WebApplication MapOperatorConsole(this WebApplication app)
    {
        app.Services.GetRequiredService<ApiKeys>();
        app.UseProblems();
        app.Use(next => context => SecurityHeaders.AddAsync(context, next));
        app.UseAuthentication();
        app.UseTrail();
        app.UseAuthorization();
        app.UseRateLimiter();
        MapApi(app);
        Assets.Map(app);
        if (app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.Login is not null)
        {
            app.MapGet(ProviderSignIn.Path, (HttpContext context, string? returnUrl) =>
                ProviderSignIn.BeginAsync(context, returnUrl)).ExcludeFromDescription().AllowAnonymous()
                .WithMetadata(StrictHeaders.Instance);
        }

        app.MapGet(LiveEndpoint.Path, LiveEndpoint.Listen).ExcludeFromDescription()
            .RequireAuthorization(Access.Viewer).WithMetadata(StrictHeaders.Instance);
        app.MapRazorPages().WithMetadata(StrictHeaders.Instance);
        return app;
    }

    private static void MapApi(WebApplication app)
    {
        var api = app.MapGroup("/api/v1").RequireAuthorization(Access.Viewer)
            .WithMetadata(StrictHeaders.Instance, new RequestSizeLimitAttribute(BodyBytesMax))
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);
        api.AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (FormatException exception)
            {
                return Problems.OfException(exception);
            }
        });
        OrdersApi.Map(api);
        StockApi.Map(api);
        ReceiptsApi.Map(api);
        ParkedApi.Map(api);
        SourcesApi.Map(api);
        BuyersApi.Map(api);
        DestinationsApi.Map(api);
        AuditApi.Map(api);
        TrailApi.Map(api);
        SessionsApi.Map(api);
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous().WithMetadata(StrictHeaders.Instance);
    }

    /// <summary>No call of the operator API carries more.</summary>
    private const int BodyBytesMax = 64 * 1024;

    private static void AddPages(IServiceCollection services)
    {
        services.AddRazorPages(options =>
        {
            options.RootDirectory = "/Console/Pages";
            options.Conventions.AuthorizeFolder("/", Access.Viewer);
            options.Conventions.AuthorizePage("/Trail", Access.Admin);
            options.Conventions.AddPageRoute("/Orders", "/orders");
            options.Conventions.ConfigureFilter(new PostRoleFilter());
        }).ConfigureApplicationPartManager(AddOurPages);
        services.Configure<CookieTempDataProviderOptions>(options => SignIn.Harden(options.Cookie, "ordergrains-note"));
        services.AddAntiforgery(options => SignIn.Harden(options.Cookie, "ordergrains-form"));
    }

    /// <summary>A host of another name (the sandbox, a test) would not look for pages here.</summary>
    private static void AddOurPages(ApplicationPartManager manager)
    {
        var assembly = typeof(ConsoleServices).Assembly;
        if (manager.ApplicationParts.Any(part => part is CompiledRazorAssemblyPart razor && razor.Assembly == assembly))
            return;
        manager.ApplicationParts.Add(new CompiledRazorAssemblyPart(assembly));
    }

    /// <summary>
    /// Sessions outlive the process: the ring that protects them lies where the storage keeps one for all processes, or
    /// in the data directory.
    /// </summary>
    private static void AddKeyRing(IServiceCollection services)
    {
        // The name is part of what a cookie is bound to. By default it is the folder, which differs between machines.
        services.AddDataProtection().SetApplicationName("OrderGrains");
        services.AddOptions<KeyManagementOptions>()
            .Configure<IConfiguration, ILoggerFactory, IServiceProvider>((options, configuration, logs, provider) =>
        {
            if (provider.GetService<IXmlRepository>() is { } shared)
            {
                options.XmlRepository = shared;
                return;
            }

            var directory = Path.Combine(OwnersDirectory.Make(DataDirectory(configuration)), "keys");
            options.XmlRepository = new FileSystemXmlRepository(
                new DirectoryInfo(OwnersDirectory.Make(directory)), logs);
        });
    }

    private static string DataDirectory(IConfiguration configuration) => configuration["DataDirectory"] ?? "data";
}
