using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OrderGrains.Telemetry;

/// <summary>Metrics at <c>/metrics</c>; traces to an OTLP collector when one is configured; health.</summary>
internal static class TelemetryServices
{
    /// <summary>The standard setting that turns traces on (OpenTelemetry, OTLP Exporter Configuration).</summary>
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Bounds of durations in seconds: from the acknowledgement's 1 ms to a day on the shelf.</summary>
    private static readonly double[] Seconds =
        [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 28800, 86400];

    public static void AddTelemetry(this WebApplicationBuilder builder, bool hasSilo)
    {
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("OrderGrains", "Microsoft.Orleans")
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddView(instrument => instrument.Name.StartsWith("ordergrains.", StringComparison.Ordinal)
                && instrument.Name.EndsWith(".duration", StringComparison.Ordinal)
                    ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds } : null)
            .AddPrometheusExporter());
        if (builder.Traces())
        {
            telemetry.WithTracing(tracing => tracing
                .AddSource("OrderGrains", "Microsoft.Orleans.Application")
                .AddAspNetCoreInstrumentation(o => o.Filter = http =>
                    http.Request.Path.StartsWithSegments("/webhooks", StringComparison.Ordinal))
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
        }

        builder.Services.AddHostedService<Gauges>();
        var health = builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
        if (hasSilo)
            health.AddCheck<SiloHealth>("silo", tags: ["ready"]);
        else
            health.AddCheck<ConnectionHealth>("silos", tags: ["ready"]);
    }

    /// <summary>A collector of traces is configured.</summary>
    public static bool Traces(this WebApplicationBuilder builder) => builder.Configuration[OtlpEndpoint] is not null;

    public static void MapTelemetry(this WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new()
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = WriteAsync,
        });
    }

    /// <summary>What is wrong, a line each: a person may have asked.</summary>
    private static Task WriteAsync(HttpContext http, HealthReport report) => http.Response.WriteAsync(string.Join('\n',
        report.Entries.Values.Select(entry => entry.Description).OfType<string>()
            .Prepend(report.Status.ToString())));
}
