using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>The operator API's own description: what the endpoints' types alone do not say.</summary>
internal static class OpenApiDescription
{
    private const string Scheme = "apiKey";

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description =>
            description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            // The roles that a call needs stand where OpenAPI 3.1 has them, beside the scheme.
            if (Access.RoleOf(context.Description.ActionDescriptor.EndpointMetadata) is { } role)
                operation.Security = [Required(context.Document, role.ToString())];
            foreach (var parameter in operation.Parameters ?? [])
                Describe(parameter as OpenApiParameter);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "OrderGrains operator API", Version = "v1" };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The secret of an API key: Viewer reads, Operator acts, Admin configures.",
        };
        document.Security = [Required(document)];
    }

    private static OpenApiSecurityRequirement Required(OpenApiDocument? document, params string[] roles) =>
        new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [.. roles] };

    /// <summary>Handlers take text so that a mistake is named; this is what the text must be.</summary>
    private static void Describe(OpenApiParameter? parameter)
    {
        if (parameter?.In != ParameterLocation.Query)
            return;
        parameter.Schema = parameter.Name switch
        {
            "limit" => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = $"{PageRequest.LimitMax}",
                Default = RequestReader.LimitDefault,
            },
            "since" or "until" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            "status" => Choice<OrderStatus>(),
            "outcome" => Choice<ReceiptOutcome>(),
            "kind" => Choice<ParkedKind>(),
            _ => parameter.Schema,
        };
        parameter.Description = parameter.Name switch
        {
            "cursor" => "The nextCursor of the page before.",
            "since" or "until" => "RFC 3339, with its offset.",
            _ => parameter.Description,
        };
    }

    private static OpenApiSchema Choice<T>() where T : struct, Enum => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Enum.GetValues<T>().Select(value => (System.Text.Json.Nodes.JsonNode)value.Word())],
    };
}
