using ActorMon.Tool;

return ToolProgram.Run(args, Console.OpenStandardInput(), Console.Out, Console.Error);
