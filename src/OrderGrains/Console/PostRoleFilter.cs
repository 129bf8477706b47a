using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;

namespace OrderGrains.Console;

/// <summary>What a page's handler needs where it is not an Operator.</summary>
/// <param name="role">The least role.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsAttribute(ApiRole role) : Attribute
{
    public ApiRole Role { get; } = role;
}

/// <summary>Whoever posts on a page acts, and needs to be an Operator; signing in and out is for everyone.</summary>
internal sealed class PostRoleFilter : IPageFilter
{
    /// <summary>The least role that may post to a handler.</summary>
    public static ApiRole RoleOf(HandlerMethodDescriptor handler) =>
        handler.MethodInfo.GetCustomAttribute<NeedsAttribute>()?.Role ?? ApiRole.Operator;

    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var open = context.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
        var role = context.HandlerMethod is { } handler ? RoleOf(handler) : ApiRole.Operator;
        var (request, user) = (context.HttpContext.Request, context.HttpContext.User);
        if (HttpMethods.IsPost(request.Method) && !open && !user.IsAtLeast(role))
            context.Result = new ForbidResult();
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) { }
}
