using OrderGrains;
using OrderGrains.Configuration;

// Exit codes (CONTRACT section 6): 0 stopped, 1 failed, 2 configuration.
try
{
    if (CommandLine.Answer(args) is { } answer)
    {
        System.Console.WriteLine(answer);
        return 0;
    }

    if (args is [MapCommand.Name, .. var rest])
        return await MapCommand.RunAsync(rest, System.Console.Out, TimeProvider.System);
    await using var app = OrderGrainsApp.Create(args);
    ListenCheck.Run(app.Configuration);
    var excluded = app.WhenExcludedAsync();
    var run = RunAsync(app);
    if (await Task.WhenAny(run, excluded) == excluded)
    {
        app.FlushLog();
        Environment.Exit(1);
    }

    return await run;
}
catch (ConfigurationException exception)
{
    await System.Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
catch (Exception exception)
{
    await System.Console.Error.WriteLineAsync(StartFault.Describe(exception) ?? exception.ToString());
    return 1;
}

static async Task<int> RunAsync(WebApplication app)
{
    try
    {
        await app.StartAsync();
    }
    catch (Exception) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // It was asked to stop before it had started.
        return 0;
    }

    try
    {
        await app.WaitForShutdownAsync();
    }
    catch (OperationCanceledException)
    {
        // It was asked to stop, and is about to. What was under way is as after a kill.
        app.SayStoppedLate();
    }

    // An agent that fails stops the process as SIGTERM does; but nobody asked for it.
    var failed = app.Services.GetServices<IHostedService>().OfType<Agent>()
        .Select(agent => agent.ExecuteTask?.Exception).OfType<Exception>().ToList();
    foreach (var exception in failed) await System.Console.Error.WriteLineAsync(exception.ToString());
    return failed.Count > 0 ? 1 : 0;
}
