using Microsoft.Playwright;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>
/// A product, and Debian's chromium before its console, signed in once (sign-ins are bounded). Without chromium the
/// tests skip on a desk and fail on CI. ORDERGRAINS_SCREENSHOTS names a directory to keep pictures in.
/// </summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly string? _screenshots = Environment.GetEnvironmentVariable("ORDERGRAINS_SCREENSHOTS");
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _operators;

    public RunningProduct Product { get; } = new();

    public Shop Shop { get; private set; } = null!;

    private static bool OnCi => Environment.GetEnvironmentVariable("CI") is "true" or "1";

    public async ValueTask InitializeAsync()
    {
        await Product.InitializeAsync();
        Shop = Product.OpenShop("acme", seed: 23);
        if (FindChromium() is not { } chromium)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
        _operators = await NewContextAsync();
        var page = await _operators.NewPageAsync();
        await SignInAsync(page, RunningProduct.AdminKey);
        await page.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await Product.DisposeAsync();
    }

    /// <summary>Each live page holds a line to the product; a test leaves none behind.</summary>
    public async ValueTask ClosePagesAsync()
    {
        foreach (var page in (_browser?.Contexts ?? []).SelectMany(context => context.Pages).ToList())
            await page.CloseAsync();
    }

    /// <summary>A page of the signed-in admin.</summary>
    public async Task<IPage> OpenAsync(string path)
    {
        var page = await Require(_operators).NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>A page of nobody yet.</summary>
    public async Task<IPage> OpenAsStrangerAsync(string path)
    {
        var page = await (await NewContextAsync()).NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    public static async Task SignInAsync(IPage page, string key)
    {
        if (!page.Url.Contains("/login", StringComparison.Ordinal))
            await page.GotoAsync("/");
        await page.GetByLabel("API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public async Task PictureAsync(IPage page, string name)
    {
        if (_screenshots is not null)
            await page.ScreenshotAsync(new() { Path = Path.Combine(_screenshots, $"{name}.png"), FullPage = true });
    }

    private async Task<IBrowserContext> NewContextAsync()
    {
        var context = await Require(_browser).NewContextAsync(new()
        {
            BaseURL = Product.Address.ToString(),
            ViewportSize = new() { Width = 1280, Height = 900 },
        });
        context.SetDefaultTimeout((float)RunningProduct.Patience.TotalMilliseconds);
        return context;
    }

    private static T Require<T>(T? made) where T : class
    {
        if (made is null && !OnCi)
            Assert.Skip("chromium is not installed (apt-get install chromium); on CI this fails");
        return made ?? throw new InvalidOperationException("chromium is missing on CI: apt-get install chromium");
    }

    private static string? FindChromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Prepend("/usr/bin").Where(directory => directory.Length > 0)
        .SelectMany(directory =>
            (string[])[Path.Combine(directory, "chromium"), Path.Combine(directory, "chromium-browser")])
        .FirstOrDefault(File.Exists);
}
