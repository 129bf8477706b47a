using OrderGrains;
using OrderGrains.Configuration;

try
{
    await using var app = OrderGrainsApp.Create(args);
    await app.RunAsync();
    return 0;
}
catch (ConfigurationException exception)
{
    await System.Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
