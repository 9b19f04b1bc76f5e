if ($null -eq $global:__PortManagerPrompt) {
    $global:__PortManagerPrompt = $function:prompt
    function global:prompt {
        $code = $global:LASTEXITCODE
        $update = & {program} hook --update pwsh | Out-String
        if ($update.Trim()) { Invoke-Expression $update }
        $global:LASTEXITCODE = $code
        & $global:__PortManagerPrompt
    }
}
