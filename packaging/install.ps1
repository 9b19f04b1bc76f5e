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

# Windows neither overwrites nor deletes a program that runs, but renames it. So the old one is renamed, and deleted by this run or,
# where it runs for longer, by a later one.
function Move-Aside { Move-Item -LiteralPath $program -Destination "$program.old-$([IO.Path]::GetRandomFileName())" -PassThru }

function Remove-Aside {
    Get-ChildItem -LiteralPath $To -Filter 'port-manager.exe.old-*' | Remove-Item -Force -ErrorAction SilentlyContinue
    foreach ($left in @(Get-ChildItem -LiteralPath $To -Filter 'port-manager.exe.old-*')) {
        Write-Output "$($left.FullName) stays: Windows does not delete it, perhaps because it still runs. Delete it when it has ended; a later run of this script does so too."
    }
}

if ($Remove) {
    if (-not (Test-Path -LiteralPath $program -PathType Leaf)) { throw "port-manager is not installed in $To." }
    Move-Aside | Out-Null
    Remove-Aside
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
    if (Test-Path -LiteralPath $program -PathType Container) { throw "$program is a directory; move it away, as port-manager has a file there. Nothing was installed." }
    # The copy takes a while and can fail. The two renames take a moment, and the first is undone where the second fails.
    $old = $null
    try {
        Copy-Item -LiteralPath $new -Destination "$program.new" -Force
        if (Test-Path -LiteralPath $program) { $old = Move-Aside }
        Move-Item -LiteralPath "$program.new" -Destination $program
    } catch {
        if ($old -and -not (Test-Path -LiteralPath $program)) { Move-Item -LiteralPath $old.FullName -Destination $program }
        Remove-Item -LiteralPath "$program.new" -Force -ErrorAction SilentlyContinue
        throw
    }
    Remove-Aside
} finally {
    Remove-Item -LiteralPath $work -Recurse -Force
}

Write-Output "Installed $(& $program --version) as $program."
if (-not (($env:Path -split ';') -contains $To)) { Write-Output "$To is not on your PATH: add it there, or call the program by that path." }
Write-Output "To remove it: .\install.ps1 -Remove -To '$To'"
