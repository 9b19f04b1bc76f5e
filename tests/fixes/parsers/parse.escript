% Says which files are no Erlang.
main(Files) ->
    lists:foreach(fun report/1, Files).

report(File) ->
    {ok, Forms} = epp:parse_file(File, []),
    [io:format("~s: ~p~n", [File, Error]) || {error, Error} <- Forms].
