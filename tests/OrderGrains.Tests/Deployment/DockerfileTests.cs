using OrderGrains.Tests.Tidy;
using Xunit;

namespace OrderGrains.Tests.Deployment;

public sealed class DockerfileTests
{
    private static readonly IReadOnlyList<string> Lines =
        File.ReadAllText(Path.Combine(SourceTree.Root, "Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Everything_that_is_copied_is_there_and_is_let_into_the_build()
    {
        var letIn = File.ReadAllLines(Path.Combine(SourceTree.Root, ".dockerignore"))
            .Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copied = Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)
                && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToList();

        Assert.NotEmpty(copied);
        Assert.All(copied, path =>
        {
            Assert.True(Path.Exists(Path.Combine(SourceTree.Root, path)), path);
            Assert.Contains(path.Split('/')[0], letIn, StringComparer.Ordinal);
        });
    }

    [Fact]
    public void Packages_are_restored_before_the_code_is_copied()
    {
        var restore = Lines.Index().First(l => l.Item.StartsWith("RUN dotnet restore", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines.Take(restore.Index), line =>
            line is "COPY src/OrderGrains src/OrderGrains" or "COPY sql sql");
    }

    [Fact]
    public void Both_images_run_as_the_bases_own_user()
    {
        var user = Assert.Single(Lines, line => line.StartsWith("USER ", StringComparison.Ordinal));
        Assert.Equal("USER $APP_UID", user);
        Assert.Contains(Lines, line => line == "FROM runtime AS product");
        Assert.Contains(Lines, line => line == "FROM runtime AS sandbox");
    }

    [Fact]
    public void SIGTERM_reaches_the_process_itself() => Assert.All(
        Lines.Where(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal)),
        line => Assert.StartsWith("ENTRYPOINT [\"dotnet\", \"/app/OrderGrains", line, StringComparison.Ordinal));

    [Fact]
    public void The_product_is_the_default() => Assert.Equal(
        "FROM runtime AS product", Lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)));
}
