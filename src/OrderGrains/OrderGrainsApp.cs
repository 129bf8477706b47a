namespace OrderGrains;

/// <summary>The product as one web application: for <c>Program</c>, the sandbox and tests.</summary>
public static class OrderGrainsApp
{
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        return builder.Build();
    }
}
