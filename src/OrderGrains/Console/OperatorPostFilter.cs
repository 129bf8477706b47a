using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace OrderGrains.Console;

/// <summary>Whoever posts on a page acts, and needs to be an Operator; signing in and out is for everyone.</summary>
internal sealed class OperatorPostFilter : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var open = context.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
        if (HttpMethods.IsPost(context.HttpContext.Request.Method) && !open && !context.HttpContext.User.MayOperate())
            context.Result = new ForbidResult();
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) { }
}
