<#
.SYNOPSIS
Installs port-manager for one user, and removes it again. Nothing runs as administrator.
.DESCRIPTION
The copy of this script that belongs to a release knows where the archive is and what its checksum must be; the one in the
repository installs from a directory that -From names.
.EXAMPLE
.\install.ps1
.EXAMPLE
.\install.ps1 -Remove
#>
param(
    [string] $From = '@DOWNLOADS@',
    [string] $To = (Join-Path $HOME '.local\bin'),
    [switch] $Remove
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$target = 'x86_64-pc-windows-msvc'
$version = '@VERSION@'
$sha256 = '@SHA256:x86_64-pc-windows-msvc.zip@'
$program = Join-Path $To 'port-manager.exe'

function Test-Filled([string] $Value) { -not $Value.StartsWith('@') }

if ($Remove) {
    if (-not (Test-Path -LiteralPath $program)) { throw "port-manager is not installed in $To." }
    Remove-Item -LiteralPath $program
    Write-Output "Removed $program. The registry of ports stays: port-manager's directory among your settings."
    return
}

if (-not (Test-Filled $From)) { throw 'This copy belongs to no release, so it knows no address; -From names a directory with the archive.' }
$isAddress = $From.StartsWith('https://')
if (-not $isAddress -and $From.Contains('://')) { throw "${From}: only https is used to download." }
if (Test-Filled $version) {
    $archive = "port-manager-$version-$target.zip"
} else {
    if ($isAddress) { throw 'This copy belongs to no release; -From has to be a directory.' }
    $found = @(Get-ChildItem -LiteralPath $From -Filter "port-manager-*-$target.zip")
    if ($found.Count -ne 1) { throw "$From should have one archive, port-manager-VERSION-$target.zip." }
    $archive = $found[0].Name
}

$work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
New-Item -ItemType Directory -Path $work | Out-Null
try {
    function Receive([string] $Name) {
        $path = Join-Path $work $Name
        if ($isAddress) {
            [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
            Invoke-WebRequest -UseBasicParsing -Uri "$From/$Name" -OutFile $path
        } else {
            Copy-Item -LiteralPath (Join-Path $From $Name) -Destination $path
        }
        $path
    }
    $file = Receive $archive
    if (-not (Test-Filled $sha256)) { $sha256 = (Get-Content -LiteralPath (Receive "$archive.sha256") -TotalCount 1).Split(' ')[0] }
    $actual = (Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash
    if ($actual -ne $sha256) { throw "$archive is not what was released: its sha256 is $actual, and should be $sha256. Nothing was installed." }

    Expand-Archive -LiteralPath $file -DestinationPath $work
    $new = Join-Path $work ($archive -replace '\.zip$', '\port-manager.exe')
    & $new --version | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "The binary for $target does not run here. Nothing was installed." }
    New-Item -ItemType Directory -Force -Path $To | Out-Null
    Copy-Item -LiteralPath $new -Destination $program -Force
} finally {
    Remove-Item -LiteralPath $work -Recurse -Force
}

Write-Output "Installed $(& $program --version) as $program."
if (-not (($env:Path -split ';') -contains $To)) { Write-Output "$To is not on your PATH: add it there, or call the program by that path." }
Write-Output "To remove it: .\install.ps1 -Remove -To '$To'"
