using System.Text.RegularExpressions;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser.AST;

namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>
/// Shopify's own schema, as far as it is here: a request that it does not allow is refused, and what it allows is
/// answered by the roots' functions. Its file says where it is from.
/// </summary>
internal sealed partial class ShopifySchema
{
    private const int PageMax = 250;

    private readonly Schema _schema;

    /// <param name="roots">Answers each root field of query and mutation that there is.</param>
    public ShopifySchema(IReadOnlyDictionary<string, Func<IResolveFieldContext, Arguments, Node?>> roots)
    {
        var text = Text();
        _schema = Schema.For(text, builder => builder.IgnoreComments = true);
        foreach (var scalar in Scalars().Matches(text).Select(match => match.Groups["name"].Value))
            _schema.RegisterType(new TextScalar { Name = scalar });
        _schema.Initialize();
        foreach (var type in _schema.AllTypes.OfType<IObjectGraphType>()
            .Where(type => !type.Name.StartsWith("__", StringComparison.Ordinal)))
        {
            foreach (var field in type.Fields)
            {
                var isRoot = type == _schema.Query || type == _schema.Mutation;
                field.Resolver = new FuncFieldResolver<object?>(context => Resolve(
                    context, () => isRoot ? Root(roots, context) : ValueOf(context)));
            }
        }
    }

    /// <summary>What is wrong with a request; empty when the schema allows it.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(GraphQLDocument document, Inputs variables)
    {
        var result = await new DocumentValidator().ValidateAsync(new ValidationOptions
        {
            Schema = _schema,
            Document = document,
            Operation = document.Definitions.OfType<GraphQLOperationDefinition>().Single(),
            Variables = variables,
            Rules = DocumentValidator.CoreRules,
        });
        return [.. result.Errors.Select(error => error.Message), .. VariableFaults(document)];
    }

    /// <summary>The library lets a variable of any type stand for an argument, and Shopify does not.</summary>
    private List<string> VariableFaults(GraphQLDocument document)
    {
        var operation = document.Definitions.OfType<GraphQLOperationDefinition>().Single();
        var faults = new List<string>();
        Look(operation.SelectionSet, operation.Operation == OperationType.Mutation ? _schema.Mutation! : _schema.Query);
        return faults;

        void Look(GraphQLSelectionSet selection, IObjectGraphType type)
        {
            foreach (var field in selection.Selections.OfType<GraphQLField>())
            {
                if (type.GetField(field.Name) is not { } of)
                    continue;
                foreach (var argument in field.Arguments?.Items ?? [])
                {
                    if (argument.Value is not GraphQLVariable variable)
                        continue;
                    var given = operation.Variables?.FirstOrDefault(one => one.Variable.Name == variable.Name);
                    var wanted = of.Arguments?.Find(argument.Name)?.ResolvedType?.ToString();
                    var has = given is null ? null : TypeText(given.Type);
                    if (has != wanted && has != $"{wanted}!")
                        faults.Add($"${variable.Name.StringValue} is {has}, and {of.Name} takes {wanted}");
                }

                if (field.SelectionSet is { } inner && of.ResolvedType?.GetNamedType() is IObjectGraphType next)
                    Look(inner, next);
            }
        }
    }

    private static string TypeText(GraphQLType type) => type switch
    {
        GraphQLNonNullType some => $"{TypeText(some.Type)}!",
        GraphQLListType list => $"[{TypeText(list.Type)}]",
        GraphQLNamedType named => named.Name.StringValue,
        _ => "",
    };

    /// <summary>Executes a request that the schema allows.</summary>
    /// <param name="count">Counts the objects that are answered.</param>
    public Task<ExecutionResult> ExecuteAsync(GraphQLDocument document, Inputs variables, ObjectCount count) =>
        new DocumentExecuter().ExecuteAsync(options =>
        {
            options.Schema = _schema;
            options.Document = document;
            options.Query = "";
            options.Variables = variables;
            options.UserContext = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ObjectCount)] = count,
            };
        });

    /// <summary>
    /// What a request costs at most (shopify.dev, "API limits"): a mutation 10, an object 1, a list by its first.
    /// </summary>
    public int CostOf(GraphQLDocument document)
    {
        var operation = document.Definitions.OfType<GraphQLOperationDefinition>().Single();
        return operation.Operation == OperationType.Mutation ? 10 * operation.SelectionSet.Selections.Count
            : CostOf(operation.SelectionSet, _schema.Query);
    }

    private static int CostOf(GraphQLSelectionSet selection, IObjectGraphType type)
    {
        var cost = 0;
        foreach (var field in selection.Selections.OfType<GraphQLField>())
        {
            if (type.GetField(field.Name)?.ResolvedType?.GetNamedType() is not IObjectGraphType of
                || field.SelectionSet is null)
                continue;
            var given = field.Arguments?.FirstOrDefault(argument => argument.Name == "first")?.Value;
            var first = given is GraphQLIntValue value ? int.Parse(value.Value.Span) : 1;
            if (!IsConnection(of))
            {
                cost += first * (1 + CostOf(field.SelectionSet, of));
                continue;
            }

            foreach (var part in field.SelectionSet.Selections.OfType<GraphQLField>())
            {
                if (part.SelectionSet is null)
                    continue;
                var each = 1 + CostOf(
                    part.SelectionSet, (IObjectGraphType)of.GetField(part.Name)!.ResolvedType!.GetNamedType());
                cost += part.Name == "nodes" ? first * each : each;
            }
        }

        return cost;
    }

    private static Node? Root(
        IReadOnlyDictionary<string, Func<IResolveFieldContext, Arguments, Node?>> roots,
        IResolveFieldContext context) =>
        roots.TryGetValue(context.FieldDefinition.Name, out var answer) ? answer(context, ArgumentsOf(context))
            : throw new ShopifyException($"this shop does not answer {context.FieldDefinition.Name}");

    private static object? ValueOf(IResolveFieldContext context)
    {
        var node = (Node)context.Source!;
        if (!node.TryGetValue(context.FieldDefinition.Name, out var value))
        {
            throw new ShopifyException(
                $"this shop does not answer {context.ParentType.Name}.{context.FieldDefinition.Name}");
        }

        return value switch
        {
            ConnectionRows rows => PageOf(rows, ArgumentsOf(context)),
            Func<Arguments, Node?> of => of(ArgumentsOf(context)),
            Func<Arguments, List<Node>> of => of(ArgumentsOf(context)),
            List<Node> list when ArgumentsOf(context).Find("first") is int first => list.Take(first).ToList(),
            _ => value,
        };
    }

    private static object? Resolve(IResolveFieldContext context, Func<object?> value)
    {
        try
        {
            var found = value();
            var count = (ObjectCount)context.UserContext[nameof(ObjectCount)]!;
            count.Objects += found is List<Node> nodes ? nodes.Count : found is Node && !IsConnection(context) ? 1 : 0;
            return found;
        }
        catch (ShopifyException error)
        {
            throw new ExecutionError(error.Message, error);
        }
    }

    /// <summary>One page of rows.</summary>
    public static Node PageOf(ConnectionRows rows, Arguments arguments)
    {
        if (arguments.Find("first") is not int first || first is < 1 or > PageMax)
            throw new ShopifyException($"you must provide first, and at most {PageMax}");
        var from = arguments.Find("after") is string after ? int.Parse(after[1..]) : 0;
        return new Node
        {
            ["nodes"] = rows.All.Skip(from).Take(first).ToList(),
            ["pageInfo"] = new Node
            {
                ["hasNextPage"] = rows.All.Count > from + first,
                ["endCursor"] = rows.All.Count > from ? $"c{Math.Min(rows.All.Count, from + first)}" : null,
            },
        };
    }

    private static Arguments ArgumentsOf(IResolveFieldContext context) => new(
        context.Arguments?.Where(argument => argument.Value.Source is not ArgumentSource.FieldDefault)
            .ToDictionary(argument => argument.Key, argument => argument.Value.Value, StringComparer.Ordinal) ?? []);

    private static bool IsConnection(IGraphType type) => type.Name.EndsWith("Connection", StringComparison.Ordinal);

    private static bool IsConnection(IResolveFieldContext context) =>
        IsConnection(context.FieldDefinition.ResolvedType!.GetNamedType());

    private static string Text()
    {
        using var stream = typeof(ShopifySchema).Assembly.GetManifestResourceStream("admin-2026-07.graphql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^scalar (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scalars();

    private sealed class TextScalar : StringGraphType;
}

/// <summary>Objects in one answer.</summary>
internal sealed class ObjectCount
{
    public int Objects { get; set; }
}
